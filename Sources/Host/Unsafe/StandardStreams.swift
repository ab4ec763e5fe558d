// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Standard input, output and error as bytes, without buffering behind the caller's back.
package enum StandardStreams {
    /// Writes all bytes to a descriptor; `false` where the reader is gone.
    @discardableResult
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            // SAFETY: the bytes outlive the call, and the length is what is left of them.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress else { return 0 }
                return unsafe Glibc.write(descriptor, base + written, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// Reads the next chunk; empty at the end.
    package static func read(from descriptor: Int32, limitBytes: Int = 65_536) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: limitBytes) { buffer, count in
            // SAFETY: the buffer belongs to the array being made; read fills at most its length.
            var result = unsafe Glibc.read(descriptor, buffer.baseAddress, limitBytes)
            while result < 0, errno == EINTR { result = unsafe Glibc.read(descriptor, buffer.baseAddress, limitBytes) }
            count = max(0, result)
        }
    }

    /// Reads to the end; `nil` where it is longer than the limit.
    package static func readAll(from descriptor: Int32, limitBytes: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while true {
            let chunk = read(from: descriptor)
            if chunk.isEmpty { return bytes }
            bytes += chunk
            if bytes.count > limitBytes { return nil }
        }
    }

    /// Whether a descriptor is open at all.
    package static func isOpen(_ descriptor: Int32) -> Bool { fcntl(descriptor, F_GETFD) >= 0 }

    /// Whether a descriptor is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// The process's environment variables.
    package static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        // SAFETY: environ ends with a null pointer; nothing in this program changes it while it is read at start-up.
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
            if let equals = pair.firstIndex(of: "=") { variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...]) }
            unsafe entry += 1
        }
        return variables
    }

    /// The working folder, or `nil` where it is gone.
    package static func workingFolder() -> String? {
        // SAFETY: with a null buffer getcwd allocates the string; it is copied and freed here.
        guard let path = unsafe getcwd(nil, 0) else { return nil }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}
