// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

// SAFETY: every path and buffer here lives through the call that it is given to, and a folder's entry is read before
// the next one.

/// A folder that is gone afterwards.
func withTemporaryWorkspace<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = "/tmp/agentkit-secrets-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    #expect(unsafe mkdir(path, 0o700) == 0)
    defer { removeTree(path) }
    return try body(path)
}

/// Removes a tree below `/tmp`. A link is removed before anything could follow it, and only a real folder is opened.
private func removeTree(_ path: String) {
    guard path.hasPrefix("/tmp/agentkit-secrets-") else { return }
    if unsafe unlink(path) == 0 { return }
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return }
    if let folder = unsafe opendir(path) {
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { removeTree(path + "/" + name) }
        }
        unsafe closedir(folder)
    }
    unsafe rmdir(path)
}

func write(_ text: [UInt8], to path: String, mode: UInt32 = 0o600) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    #expect(descriptor >= 0)
    let count = unsafe text.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    #expect(count == text.count)
    fchmod(descriptor, mode)
    close(descriptor)
}

func mode(of path: String) -> UInt32 {
    var status = stat()
    // SAFETY: path and status live through the call.
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
}

func setMode(_ mode: UInt32, of path: String) {
    // SAFETY: the path lives through the call.
    #expect(unsafe chmod(path, mode) == 0)
}

func makeFolder(_ path: String) {
    #expect(unsafe mkdir(path, 0o700) == 0)
}

/// Removes one file and the folder that it was alone in; follows nothing.
func removeFile(_ path: String, folder: String) {
    unsafe _ = unlink(path)
    unsafe _ = rmdir(folder)
}

func makeLink(_ path: String, to target: String) {
    #expect(unsafe symlink(target, path) == 0)
}

func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
}
