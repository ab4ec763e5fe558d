// SPDX-License-Identifier: Apache-2.0

/// Paths as text. Nothing here looks at a file system: links are the file gate's business.
package enum PathText {
    /// The path without `.`, empty and `..` segments; `nil` where it isn't absolute or holds a NUL.
    package static func normalized(_ path: String) -> String? {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { return nil }
        var segments: [Substring.UTF8View] = []
        for segment in path.utf8.split(separator: UInt8(ascii: "/")) {
            if segment.elementsEqual(".".utf8) { continue }
            if segment.elementsEqual("..".utf8) {
                if !segments.isEmpty { segments.removeLast() }
                continue
            }
            segments.append(segment)
        }
        var result = ""
        for segment in segments { result += "/" + String(Substring(segment)) }
        return result.isEmpty ? "/" : result
    }

    /// The absolute, normalised form of a path that may be relative to `folder`; `nil` where it can't be one.
    package static func absolute(_ path: String, in folder: String) -> String? {
        guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
        if path.utf8.first == UInt8(ascii: "/") { return normalized(path) }
        return normalized(folder + "/" + path)
    }

    /// The non-empty segments of a path.
    package static func segments(of path: String) -> [[UInt8]] {
        path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    }

    /// How a path is shown to people: relative to the workspace where it lies in it.
    package static func shown(_ path: String, workspace: String) -> String {
        guard let root = normalized(workspace), let full = absolute(path, in: root) else { return "an invalid path" }
        if full == root { return "." }
        let prefix = root == "/" ? "/" : root + "/"
        return full.hasPrefix(prefix) ? String(full.dropFirst(prefix.count)) : full
    }
}
