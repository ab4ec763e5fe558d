// SPDX-License-Identifier: Apache-2.0

/// Paths as policies and capabilities compare them: by their words, before any file is opened.
///
/// The kernel is the boundary (files are opened through descriptors that can't leave the workspace); this is for decisions and messages.
/// Everything here compares bytes, as the kernel does: a combining mark after a slash doesn't make it another character, and two names
/// that Unicode calls equivalent are two names.
public enum WorkspacePath {
    /// Removes `.` and empty segments, resolves `..`; `nil` where `..` leads above the start or a NUL byte stands in it.
    public static func normalised(_ path: String) -> String? {
        guard !path.utf8.contains(0) else { return nil }
        let isAbsolute = path.utf8.first == slash
        var segments: [Substring.UTF8View] = []
        for segment in path.utf8.split(separator: slash) where !segment.elementsEqual(".".utf8) {
            if segment.elementsEqual("..".utf8) {
                guard segments.popLast() != nil else { return nil }
            } else {
                segments.append(segment)
            }
        }
        return (isAbsolute ? "/" : "") + segments.map { Substring($0) }.joined(separator: "/")
    }

    /// The path relative to the workspace, or absolute where it lies outside; `nil` where it can't be told.
    public static func relative(_ path: String, to workspace: String) -> String? {
        guard let path = normalised(path), let root = normalised(workspace) else { return nil }
        guard path.utf8.first == slash else { return path }
        if path.hasSameBytes(as: root) { return "" }
        guard path.utf8.starts(with: (root + "/").utf8) else { return path }
        return String(decoding: path.utf8.dropFirst(root.utf8.count + 1), as: UTF8.self)
    }

    /// Whether a normalised path is `root` or lies beneath it; `""` is the workspace and holds no absolute path.
    public static func isBeneath(_ path: String, _ root: String) -> Bool {
        if root.isEmpty { return path.utf8.first != slash }
        return path.hasSameBytes(as: root) || path.utf8.starts(with: (root == "/" ? "/" : root + "/").utf8)
    }

    private static let slash = UInt8(ascii: "/")
}
