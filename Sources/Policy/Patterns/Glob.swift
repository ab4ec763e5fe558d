// SPDX-License-Identifier: Apache-2.0

/// Patterns over lists of segments: `*` stands for any text within one segment, `**` for any number of segments.
package struct Glob: Hashable, Sendable {
    package enum Segment: Hashable, Sendable {
        case literal([UInt8])
        /// The parts between stars; the first is a prefix, the last a suffix.
        case wildcard([[UInt8]])
        case anything
    }

    package let segments: [Segment]

    /// Compiles segments; `nil` where `**` isn't a segment of its own.
    package init?(_ texts: [[UInt8]]) {
        var segments: [Segment] = []
        for text in texts {
            if text == Array("**".utf8) {
                if segments.last != .anything { segments.append(.anything) }
                continue
            }
            guard let segment = Self.segment(text) else { return nil }
            segments.append(segment)
        }
        self.segments = segments
    }

    private static func segment(_ text: [UInt8]) -> Segment? {
        let star = UInt8(ascii: "*")
        guard text.contains(star) else { return .literal(text) }
        let parts = text.split(separator: star, omittingEmptySubsequences: false).map(Array.init)
        // Two stars side by side inside a segment are a `**` that was meant to cross segments and wouldn't.
        if parts.count > 2, parts.dropFirst().dropLast().contains(where: \.isEmpty) { return nil }
        return .wildcard(parts)
    }

    /// Whether the pattern covers exactly these segments. Takes time linear in pattern times input.
    package func matches(_ input: [[UInt8]]) -> Bool {
        var row = 0
        var position = 0
        var restart: (row: Int, position: Int)?
        while position < input.count {
            if row < segments.count, segments[row] == .anything {
                restart = (row + 1, position)
                row += 1
            } else if row < segments.count, Self.matches(segments[row], input[position]) {
                row += 1
                position += 1
            } else if let last = restart {
                restart = (last.row, last.position + 1)
                row = last.row
                position = last.position + 1
            } else {
                return false
            }
        }
        return segments[row...].allSatisfy { $0 == .anything }
    }

    private static func matches(_ segment: Segment, _ text: [UInt8]) -> Bool {
        switch segment {
        case .anything: true
        case .literal(let literal): literal == text
        case .wildcard(let parts): matches(parts, text)
        }
    }

    private static func matches(_ parts: [[UInt8]], _ text: [UInt8]) -> Bool {
        guard let first = parts.first, let last = parts.last, text.count >= first.count + last.count,
            text.starts(with: first), text.suffix(last.count) == last[...]
        else { return false }
        var start = first.count
        let end = text.count - last.count
        for part in parts.dropFirst().dropLast() {
            var found: Int?
            var candidate = start
            while candidate + part.count <= end {
                if text[candidate..<(candidate + part.count)] == part[...] {
                    found = candidate + part.count
                    break
                }
                candidate += 1
            }
            guard let next = found else { return false }
            start = next
        }
        return true
    }

    /// How specific the pattern is: literal segments, then literal bytes, then fewer stars.
    package var specificity: [Int] {
        var literals = 0
        var bytes = 0
        var stars = 0
        for segment in segments {
            switch segment {
            case .literal(let text):
                literals += 1
                bytes += text.count
            case .wildcard(let parts):
                bytes += parts.reduce(0) { $0 + $1.count }
                stars += parts.count - 1
            case .anything: stars += 100
            }
        }
        return [literals, bytes, -stars]
    }
}

/// A pattern over paths: relative to the workspace unless it starts with `/`.
package struct PathPattern: Hashable, Sendable {
    /// The pattern as the file spells it.
    package let text: String
    private let isInWorkspace: Bool
    private let glob: Glob

    /// Compiles a pattern; `nil` where `complaint(about:)` has something to say.
    package init?(_ text: String) {
        guard Self.complaint(about: text) == nil else { return nil }
        let variable = "${workspace}"
        var rest = text
        var inside = !text.hasPrefix("/")
        if text.hasPrefix(variable) {
            rest = String(text.dropFirst(variable.count))
            inside = true
        }
        guard let glob = Glob(PathText.segments(of: rest)) else { return nil }
        self.text = text
        self.glob = glob
        isInWorkspace = inside
    }

    /// Why a text is no pattern, or `nil` where it is one.
    package static func complaint(about text: String) -> String? {
        if text.isEmpty { return "it is empty" }
        var rest = text
        if text.hasPrefix("${workspace}") {
            rest = String(text.dropFirst("${workspace}".count))
            if !rest.isEmpty && !rest.hasPrefix("/") { return "`${workspace}` must be followed by `/`" }
        }
        if rest.contains("${") || rest.hasPrefix("~") { return "the only variable is `${workspace}`, at the start" }
        if rest.count > 1 && rest.hasSuffix("/") { return "it ends in `/`; write `\(text)**` for everything below" }
        for segment in PathText.segments(of: rest) {
            if segment == Array(".".utf8) || segment == Array("..".utf8) {
                return "`.` and `..` are no segments of a pattern"
            }
            if segment != Array("**".utf8), Glob([segment]) == nil { return "`**` must be a segment of its own" }
        }
        if rest.utf8.contains(0) { return "it holds a NUL" }
        if rest.contains("//") { return "it has an empty segment" }
        return nil
    }

    /// Whether an absolute, normalised path is covered in a session whose workspace is `workspace`.
    package func covers(_ path: [[UInt8]], workspace: [[UInt8]]) -> Bool {
        guard isInWorkspace else { return glob.matches(path) }
        guard path.count >= workspace.count, path.prefix(workspace.count).elementsEqual(workspace) else { return false }
        return glob.matches(Array(path.dropFirst(workspace.count)))
    }
}
