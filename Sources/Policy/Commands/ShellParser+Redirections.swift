// SPDX-License-Identifier: Apache-2.0

/// Redirections, here-documents and assignments.
extension ShellParser {
    mutating func parseRedirections() -> [RedirectionNode] {
        var all: [RedirectionNode] = []
        while true {
            skipBlank(newlines: false)
            guard let one = parseRedirection() else { return all }
            all.append(one)
        }
    }

    /// Reads a redirection, or leaves the position where it was.
    mutating func parseRedirection() -> RedirectionNode? {
        var ahead = position
        var descriptor: Int?
        while ahead < bytes.count, ahead - position < 9, (0x30...0x39).contains(bytes[ahead]) { ahead += 1 }
        if ahead > position {
            guard ahead < bytes.count, bytes[ahead] == 0x3C || bytes[ahead] == 0x3E else { return nil }
            descriptor = Int(String(decoding: bytes[position..<ahead], as: UTF8.self))
        } else if current == 0x7B, let end = descriptorVariableEnd() {
            ahead = end
        }
        guard ahead < bytes.count else { return nil }
        let kind: CommandRedirection.Kind
        var length = 1
        func at(_ offset: Int) -> UInt8 { ahead + offset < bytes.count ? bytes[ahead + offset] : 0 }
        switch (at(0), at(1), at(2)) {
        case (0x26, 0x3E, 0x3E): (kind, length) = (.bothAppend, 3)
        case (0x26, 0x3E, _): (kind, length) = (.bothOutput, 2)
        case (0x3C, 0x3C, 0x3C): (kind, length) = (.hereString, 3)
        case (0x3C, 0x3C, _): return parseDocumentHead(at: ahead + 2, descriptor)
        case (0x3C, 0x3E, _): (kind, length) = (.readWrite, 2)
        case (0x3C, 0x26, _): (kind, length) = (.duplicateInput, 2)
        case (0x3C, 0x28, _), (0x3E, 0x28, _): return nil
        case (0x3C, _, _): kind = .input
        case (0x3E, 0x3E, _): (kind, length) = (.append, 2)
        case (0x3E, 0x7C, _): (kind, length) = (.clobber, 2)
        case (0x3E, 0x26, _): (kind, length) = (.duplicateOutput, 2)
        case (0x3E, _, _): kind = .output
        default: return nil
        }
        position = ahead + length
        skipInlineBlank()
        if position >= bytes.count || (isMeta(current) && !(next == 0x28 && (current == 0x3C || current == 0x3E))) {
            note("command.syntax", "a redirection names no target")
            return RedirectionNode(descriptor: descriptor, kind: kind, target: ShellWord())
        }
        return RedirectionNode(descriptor: descriptor, kind: kind, target: parseWord())
    }

    /// The end of a `{name}` that stands directly before a redirection.
    private func descriptorVariableEnd() -> Int? {
        var ahead = position + 1
        while ahead < bytes.count, Self.isNameByte(bytes[ahead]) { ahead += 1 }
        guard ahead > position + 1, ahead + 1 < bytes.count, bytes[ahead] == 0x7D else { return nil }
        let sign = bytes[ahead + 1]
        return sign == 0x3C || sign == 0x3E ? ahead + 1 : nil
    }

    private mutating func skipInlineBlank() {
        while current == 0x20 || current == 0x09 || (current == 0x5C && next == 0x0A) {
            guard position < bytes.count else { return }
            position += current == 0x5C ? 2 : 1
        }
    }

    private mutating func parseDocumentHead(at start: Int, _ descriptor: Int?) -> RedirectionNode {
        position = start
        let strips = current == 0x2D
        if strips { position += 1 }
        skipInlineBlank()
        var delimiter: [UInt8] = []
        var isQuoted = false
        while position < bytes.count, !isMeta(current) {
            switch current {
            case 0x27, 0x22:
                isQuoted = true
                let quote = current
                position += 1
                while position < bytes.count, current != quote { delimiter.append(current); position += 1 }
                position += 1
            case 0x5C:
                isQuoted = true
                position += 1
                if position < bytes.count { delimiter.append(current) }
                position += 1
            default:
                delimiter.append(current)
                position += 1
            }
        }
        position = min(position, bytes.count)
        let index = firstDocument + documents.count
        documents.append(ShellWord())
        pendingDocuments.append(
            PendingDocument(delimiter: delimiter, isQuoted: isQuoted, stripsTabs: strips, index: index))
        // The body is read at the next line break; `target` is filled in afterwards through its number.
        return RedirectionNode(
            descriptor: descriptor, kind: .hereDocument, target: ShellWord(parts: [.text(String(index))]))
    }

    /// Reads the bodies of the documents that were announced on the line before.
    mutating func readDocuments() {
        let waiting = pendingDocuments
        pendingDocuments = []
        for document in waiting {
            var body: [UInt8] = []
            var ended = false
            while position < bytes.count {
                var lineEnd = position
                while lineEnd < bytes.count, bytes[lineEnd] != 0x0A { lineEnd += 1 }
                var line = bytes[position..<lineEnd]
                if document.stripsTabs { line = line.drop { $0 == 0x09 } }
                position = min(lineEnd + 1, bytes.count)
                if line.elementsEqual(document.delimiter) { ended = true; break }
                body += line
                body.append(0x0A)
            }
            if !ended { note("command.syntax", "a here-document has no end") }
            documents[document.index - firstDocument] = document.isQuoted
                ? ShellWord(parts: [.quoted(String(decoding: body, as: UTF8.self))]) : expandable(body)
        }
    }

    /// Reads a here-document's body, in which `$` and backquotes are live.
    private mutating func expandable(_ body: [UInt8]) -> ShellWord {
        guard body.contains(where: { $0 == 0x24 || $0 == 0x60 || $0 == 0x5C }) else {
            return ShellWord(parts: [.quoted(String(decoding: body, as: UTF8.self))])
        }
        var inner = ShellParser(body, depth: depth + 1, deepest: deepest)
        inner.documents = documents
        inner.firstDocument = firstDocument
        let word = inner.parseQuotedText(until: nil)
        documents = inner.documents
        problems += inner.problems.prefix(4)
        return word
    }

    /// Reads `NAME=value` where one stands here.
    mutating func parseAssignment() -> AssignmentNode? {
        let start = position
        var ahead = position
        guard ahead < bytes.count, Self.isNameByte(bytes[ahead]), !(0x30...0x39).contains(bytes[ahead]) else { return nil }
        while ahead < bytes.count, Self.isNameByte(bytes[ahead]) { ahead += 1 }
        let name = String(decoding: bytes[start..<ahead], as: UTF8.self)
        var isElement = false
        if ahead < bytes.count, bytes[ahead] == 0x5B {
            var end = ahead
            while end < bytes.count, end - ahead < 64, bytes[end] != 0x5D, !isMeta(bytes[end]) { end += 1 }
            guard end < bytes.count, bytes[end] == 0x5D else { return nil }
            ahead = end + 1
            isElement = true
        }
        var appends = false
        if ahead + 1 < bytes.count, bytes[ahead] == 0x2B, bytes[ahead + 1] == 0x3D { appends = true; ahead += 1 }
        guard ahead < bytes.count, bytes[ahead] == 0x3D else { return nil }
        position = ahead + 1
        if current == 0x28, position < bytes.count {
            return AssignmentNode(
                name: name, appends: appends, isElement: isElement, value: ShellWord(), elements: parseArray())
        }
        let value = position < bytes.count && !isMeta(current) ? parseWord(isAssignment: true) : ShellWord()
        return AssignmentNode(name: name, appends: appends, isElement: isElement, value: value, elements: nil)
    }

    private mutating func parseArray() -> [ShellWord] {
        position += 1
        var words: [ShellWord] = []
        while position < bytes.count {
            skipBlank(newlines: true)
            if position >= bytes.count || current == 0x29 { break }
            let before = position
            if isMeta(current), next != 0x28 { position += 1 } else { words.append(parseWord()) }
            if position == before { position += 1 }
        }
        if position < bytes.count { position += 1 } else { note("command.syntax", "an array has no end") }
        return words
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x5F: true
        default: false
        }
    }
}
