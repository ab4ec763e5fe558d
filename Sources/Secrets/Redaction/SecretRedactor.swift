// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Takes secrets out of bytes: first what the vault knows, exactly and in every spelling, then what detection
/// recognises.
///
/// A found secret gets a placeholder that is the same wherever it turns up again.
public final class SecretRedactor: Redactor {
    package let known: KnownValues
    package let finds: FindRegistry
    let mint: PlaceholderMint
    let detector: SecretDetector

    /// Makes a redactor.
    ///
    /// - Parameters:
    ///   - known: The values that must never pass; may grow while the redactor is in use.
    ///   - mint: Makes the placeholders of found secrets; the vault's own.
    ///   - finds: Where finds are remembered.
    package init(
        known: KnownValues, mint: PlaceholderMint, finds: FindRegistry = FindRegistry(),
        detector: SecretDetector = SecretDetector()
    ) {
        self.known = known
        self.mint = mint
        self.finds = finds
        self.detector = detector
    }

    /// A redactor that knows no values and only detects, for `agentkit secrets redact`.
    public convenience init() {
        self.init(known: KnownValues(), mint: PlaceholderMint())
    }

    /// Replaces every known value and every detected secret; see `Redactor`.
    public func redact(_ bytes: [UInt8], from channel: RedactionChannel) -> [UInt8] {
        let exact = removingKnown(bytes)
        let findings = findings(in: exact, from: channel)
        guard !findings.isEmpty else { return exact }
        return replacing(findings, in: exact, from: channel)
    }

    /// A redactor for a stream; it passes on whole lines and holds back at most 128 KiB.
    public func stream(from channel: RedactionChannel) -> any StreamRedactor {
        SecretStream(self, channel)
    }

    /// A copy with as many lines as the original, or `nil` where nothing needs hiding; see `FindRegistry.restoring`.
    public func maskedCopy(of path: String, _ bytes: [UInt8]) -> [UInt8]? {
        let mint = mint
        let finds = finds
        var stream = KnownValueStream(known.matcher) { placeholder, original, isPlain in
            // Another spelling of a known value gets a placeholder of its own, so that writing it back gives the same
            // spelling.
            let text = isPlain ? String(decoding: placeholder, as: UTF8.self) : mint.found(original).text
            finds.noteSpelling(text, as: Array(original), in: path)
            return Array(text.utf8)
        }
        let exact = stream.feed(bytes) + stream.finish()
        let findings = findings(in: exact, from: .file(path: path))
        guard !findings.isEmpty || exact != bytes else { return nil }
        return replacing(findings, in: exact, from: .file(path: path), keepingLines: true)
    }

    func removingKnown(_ bytes: [UInt8]) -> [UInt8] {
        let matcher = known.wideMatcher
        guard !matcher.isEmpty else { return bytes }
        var stream = KnownValueStream(matcher)
        return stream.feed(bytes) + stream.finish()
    }

    func findings(in bytes: [UInt8], from channel: RedactionChannel) -> [Finding] {
        guard !bytes.isEmpty else { return [] }
        if Self.isBinary(bytes) { return detector.selfIdentifying(in: bytes) }
        return detector.findings(in: bytes, hint: channel.hint)
    }

    /// Whether bytes are no text: a zero byte near the start that is no half of a UTF-16 letter.
    static func isBinary(_ bytes: [UInt8]) -> Bool {
        let head = bytes.prefix(4096)
        guard head.contains(0) else { return false }
        if !holdsControls(head) { return false }
        if head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) { return false }
        var even = 0
        var odd = 0
        for (index, byte) in head.enumerated() where byte == 0 { if index & 1 == 0 { even += 1 } else { odd += 1 } }
        // Text in UTF-16 has its zeros on one side, and there nearly always.
        return max(even, odd) * 4 < head.count || min(even, odd) * 10 > max(even, odd)
    }

    /// Whether every other byte is zero: UTF-16, in which a placeholder must be spelt too.
    private static func isWide(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count >= 8, value.count.isMultiple(of: 2), value.contains(0) else { return false }
        let first = value.startIndex + (value.first == 0 ? 0 : 1)
        return stride(from: first, to: value.endIndex, by: 2).allSatisfy { value[$0] == 0 }
    }

    /// Whether there are control bytes, or zero bytes next to each other: an environment block has neither.
    private static func holdsControls(_ head: ArraySlice<UInt8>) -> Bool {
        var previous: UInt8 = 1
        for byte in head {
            if byte == 0, previous == 0 { return true }
            if byte < 0x20, byte != 0, byte != 0x0a, byte != 0x0d, byte != 0x09, byte != 0x1b { return true }
            previous = byte
        }
        return false
    }

    private func replacing(
        _ findings: [Finding], in bytes: [UInt8], from channel: RedactionChannel, keepingLines: Bool = false
    ) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + findings.count * 40)
        var position = 0
        var line = 1
        for finding in findings {
            out += bytes[position..<finding.start]
            if channel.path != nil { line += bytes[position..<finding.start].count { $0 == 0x0a } }
            if keepingLines {
                out += linewise(bytes[finding.range], finding.rule, channel.path ?? "", line)
            } else {
                out += substitute(bytes[finding.range], finding.rule, channel.path, line)
            }
            if channel.path != nil { line += bytes[finding.range].count { $0 == 0x0a } }
            position = finding.end
        }
        out += bytes[position...]
        return out
    }

    func substitute(_ covered: ArraySlice<UInt8>, _ rule: String, _ path: String?, _ line: Int) -> [UInt8] {
        // A block's last line end is no secret, and what follows must stay on a line of its own.
        let ends = covered.last == 0x0a
        let value = ends ? covered.dropLast() : covered
        let placeholder = mint.found(value)
        finds.note(placeholder, value: Array(value), rule: rule, path: path, line: path == nil ? 0 : line)
        if let path {
            finds.noteSpelling(placeholder.text, as: Array(value), in: path)
            known.learn(Array(value), placeholder: placeholder.text)
        }
        if Self.isWide(value) { return placeholder.text.utf8.flatMap { value.first == 0 ? [0, $0] : [$0, 0] } }
        return Array(placeholder.text.utf8) + (ends ? [0x0a] : [])
    }

    /// A secret of many lines becomes as many placeholders, indented as it was: the file keeps its lines, and each can
    /// be put back by itself.
    private func linewise(_ value: ArraySlice<UInt8>, _ rule: String, _ path: String, _ line: Int) -> [UInt8] {
        guard value.contains(0x0a) else { return substitute(value, rule, path, line) }
        _ = substitute(value, rule, path, line)
        var out: [UInt8] = []
        for (index, part) in value.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            if index > 0 { out.append(0x0a) }
            let body = part.drop { ASCII.isSpace($0) }
            let trail = body.reversed().prefix { ASCII.isSpace($0) || $0 == 0x0d }.count
            let core = body.dropLast(trail)
            out += part[part.startIndex..<body.startIndex]
            if !core.isEmpty {
                let placeholder = mint.found(core)
                finds.noteSpelling(placeholder.text, as: Array(core), in: path)
                out += Array(placeholder.text.utf8)
            }
            out += body[core.endIndex...]
        }
        return out
    }
}

extension RedactionChannel {
    var path: String? {
        if case .file(let path) = self { path } else { nil }
    }

    var hint: DetectionHint {
        switch self {
        case .file(let path): DetectionHint(path: path)
        case .response(let contentType): DetectionHint(contentType: contentType)
        case .output, .message: .none
        }
    }
}
