// SPDX-License-Identifier: Apache-2.0

/// Paths as policies and capabilities compare them: by their words, before any file is opened.
///
/// The kernel is the boundary (files are opened through descriptors that can't leave the workspace); this is for decisions and messages.
public enum WorkspacePath {
    /// Removes `.` and empty segments, resolves `..`; `nil` where `..` leads above the start or a NUL byte stands in it.
    public static func normalised(_ path: String) -> String? {
        guard !path.utf8.contains(0) else { return nil }
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        var segments: [Substring] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: true) where segment != "." {
            if segment == ".." {
                guard segments.popLast() != nil else { return nil }
            } else {
                segments.append(segment)
            }
        }
        return (isAbsolute ? "/" : "") + segments.joined(separator: "/")
    }

    /// The path relative to the workspace, or absolute where it lies outside; `nil` where it can't be told.
    public static func relative(_ path: String, to workspace: String) -> String? {
        guard let path = normalised(path), let root = normalised(workspace) else { return nil }
        guard path.utf8.first == UInt8(ascii: "/") else { return path }
        if path == root { return "" }
        guard path.hasPrefix(root + "/") else { return path }
        return String(path.dropFirst(root.count + 1))
    }

    /// Whether a normalised path is `root` or lies beneath it; `""` is the workspace and holds no absolute path.
    public static func isBeneath(_ path: String, _ root: String) -> Bool {
        if root.isEmpty { return path.utf8.first != UInt8(ascii: "/") }
        return path == root || path.hasPrefix(root == "/" ? "/" : root + "/")
    }
}
