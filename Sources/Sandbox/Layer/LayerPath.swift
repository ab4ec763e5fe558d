// SPDX-License-Identifier: Apache-2.0

/// A path below a root, as the bytes that the kernel has; names need not be UTF-8.
///
/// Never absolute, never holds an empty component, `.`, `..` or a NUL byte. The root itself is the empty path.
package struct LayerPath: Hashable, Sendable {
    /// The components joined by `/`, without a leading or trailing one.
    package let bytes: [UInt8]

    /// The root of the tree.
    package static let root = LayerPath(unchecked: [])

    /// Longest path in bytes, one less than the kernel's `PATH_MAX`.
    package static let byteLimit = 4095

    /// Takes bytes that form a relative path.
    ///
    /// - Throws: `LayerError` with code `unsafePath`.
    package init(_ bytes: [UInt8]) throws(LayerError) {
        guard bytes.count <= Self.byteLimit else { throw LayerError(.unsafePath, .inspect) }
        for component in bytes.split(separator: Self.separator, omittingEmptySubsequences: false) {
            guard Self.isName(component) else { throw LayerError(.unsafePath, .inspect) }
        }
        self.bytes = bytes
    }

    /// Takes text that forms a relative path.
    ///
    /// - Throws: `LayerError` with code `unsafePath`.
    package init(_ text: String) throws(LayerError) {
        try self.init(Array(text.utf8))
    }

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether this is the root.
    package var isRoot: Bool { bytes.isEmpty }

    /// The components, outermost first.
    package var components: [ArraySlice<UInt8>] { bytes.split(separator: Self.separator) }

    /// The last component; empty for the root.
    package var name: [UInt8] {
        guard let slash = bytes.lastIndex(of: Self.separator) else { return bytes }
        return Array(bytes[(slash + 1)...])
    }

    /// The folder that holds this; the root's parent is the root.
    package var parent: LayerPath {
        guard let slash = bytes.lastIndex(of: Self.separator) else { return .root }
        return LayerPath(unchecked: Array(bytes[..<slash]))
    }

    /// This path with one more component.
    ///
    /// - Throws: `LayerError` with code `unsafePath` where the name is not one component or the path grows too long.
    package func appending(_ name: [UInt8]) throws(LayerError) -> LayerPath {
        guard Self.isName(name[...]), bytes.count + name.count < Self.byteLimit else {
            throw LayerError(.unsafePath, .inspect)
        }
        return LayerPath(unchecked: bytes.isEmpty ? name : bytes + [Self.separator] + name)
    }

    /// Whether this is the given folder or lies in it.
    package func isWithin(_ folder: LayerPath) -> Bool {
        if folder.isRoot { return true }
        guard bytes.starts(with: folder.bytes) else { return false }
        return bytes.count == folder.bytes.count || bytes[folder.bytes.count] == Self.separator
    }

    private static let separator = UInt8(ascii: "/")

    private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
        if name.isEmpty || name.contains(0) || name.contains(separator) { return false }
        let dot = UInt8(ascii: ".")
        return !(name.count <= 2 && name.allSatisfy { $0 == dot })
    }
}

extension LayerPath: Comparable {
    /// Orders by component, so that a folder comes directly before what it holds.
    package static func < (left: LayerPath, right: LayerPath) -> Bool {
        for (one, other) in zip(left.bytes, right.bytes) where one != other {
            if one == separator { return true }
            if other == separator { return false }
            return one < other
        }
        return left.bytes.count < right.bytes.count
    }
}

extension LayerPath: CustomStringConvertible {
    /// The path for a person: what could move the cursor, hide or reorder text, or is not UTF-8 is escaped.
    package var description: String { PrintableText.escape(bytes) }
}
