// SPDX-License-Identifier: Apache-2.0

/// The automaton over all anchors, and what is done at each.
struct AnchorEngine: Sendable {
    /// What an anchor calls for.
    private enum Action {
        case vendor(Int)
        case name
        case keyBlock, puttyKey, webToken, url, bearer, dump, command, backwards, document
    }

    static let shared = AnchorEngine()

    private let automaton: AnchorAutomaton
    private let actions: [Action]
    private let lengths: [Int]
    /// All anchors one after the other as they are spelt, and where each begins: vendors' prefixes are compared with
    /// regard to case.
    private let spelling: [UInt8]
    private let offsets: [Int]
    /// The first three bytes of tokens, for what is spelt backwards.
    private let openings: Set<UInt32>

    private init() {
        var anchors: [[UInt8]] = []
        var actions: [Action] = []
        for (index, rule) in VendorRule.all.enumerated() {
            anchors.append(Array(rule.anchor.utf8))
            actions.append(.vendor(index))
        }
        for word in Self.nameWords {
            anchors.append(Array(word.utf8))
            actions.append(.name)
        }
        for (text, action) in Self.structures {
            anchors.append(Array(text.utf8))
            actions.append(action)
        }
        self.automaton = AnchorAutomaton(anchors)
        self.actions = actions
        self.lengths = anchors.map(\.count)
        self.spelling = Array(anchors.joined())
        var offsets: [Int] = []
        var total = 0
        for anchor in anchors {
            offsets.append(total)
            total += anchor.count
        }
        self.offsets = offsets
        let prefixes =
            VendorRule.all.filter { $0.before == nil && $0.anchor.utf8.count >= 3 }.map { Array($0.anchor.utf8) } + [
                Array("eyJ".utf8), Array("sk-".utf8),
            ]
        self.openings = Set(prefixes.map { UInt32($0[0]) << 16 | UInt32($0[1]) << 8 | UInt32($0[2]) })
    }

    private static let nameWords = [
        "pass", "pwd", "secret", "token", "key", "auth", "cred", "_pat", "-pat", "jwt", "salt", "cookie", "bearer",
        "_pw", "hmac", "_rk", "psw", "pword", "otp",
    ]

    private static let structures: [(String, Action)] = [
        ("-----begin ", .keyBlock), ("private-lines:", .puttyKey), ("eyj", .webToken), ("://", .url),
        ("bearer ", .bearer),
        ("0: ", .dump), ("00000000  ", .dump), ("curl ", .command), ("wget ", .command), ("//:", .backwards),
        ("kind: secret", .document), ("kind: \"secret", .document), ("kind: 'secret", .document),
    ]

    /// Adds everything found in `bytes`, and in what they encode, `depth` layers deep.
    func collect(_ bytes: borrowing Span<UInt8>, depth: Int = SecretDetector.deepest, into found: inout [Finding]) {
        var hits: [(state: UInt32, end: Int)] = []
        automaton.scan(bytes) { state, end in hits.append((state, end)) }
        var progress = Progress()
        for hit in hits {
            for anchor in automaton.anchors(of: hit.state) {
                act(actions[Int(anchor)], hit.end - lengths[Int(anchor)], hit.end, &progress, depth, bytes, &found)
            }
        }
    }

    /// How far each reader has read, so that what several anchors point at is read once.
    private struct Progress {
        var name = 0
        var dump = 0
        var command = 0
        var document = 0
        var word = 0
    }

    private func act(
        _ action: Action, _ start: Int, _ end: Int, _ progress: inout Progress, _ depth: Int,
        _ bytes: borrowing Span<UInt8>,
        _ found: inout [Finding]
    ) {
        switch action {
        case .vendor(let index) where isSpelt(index, start, bytes):
            add(vendor(VendorRule.all[index], end, bytes), &found)
        case .keyBlock: add(StructureReaders.keyBlock(at: start, in: bytes), &found)
        case .puttyKey: add(StructureReaders.puttyKey(at: start, in: bytes), &found)
        case .webToken: add(StructureReaders.webToken(at: start, in: bytes), &found)
        case .url: add(StructureReaders.url(schemeEnd: end, in: bytes), &found)
        case .bearer: add(bearer(end, bytes), &found)
        case .name:
            guard start >= progress.name else { return }
            let name = NameReader.name(around: start..<end, in: bytes)
            progress.name = name.upperBound
            add(NameReader.finding(for: name, in: bytes), &found)
        case .command where start >= progress.command:
            progress.command = CommandReader.collect(after: end, in: bytes, into: &found)
        case .document where start >= progress.document:
            progress.document = KubernetesReader.collect(around: end, in: bytes, into: &found)
        case .dump where depth > 0 && start >= progress.dump: progress.dump = dump(start, depth, bytes, &found)
        case .backwards where depth > 0 && start >= progress.word: progress.word = backwards(start, bytes, &found)
        case .vendor, .command, .document, .dump, .backwards: return
        }
    }

    private func isSpelt(_ anchor: Int, _ start: Int, _ bytes: borrowing Span<UInt8>) -> Bool {
        let offset = offsets[anchor]
        for index in 0..<lengths[anchor] where bytes[start + index] != spelling[offset + index] { return false }
        return true
    }

    /// Whether three bytes, read backwards from `end`, begin a token.
    private func opensBackwards(_ end: Int, _ bytes: borrowing Span<UInt8>) -> Bool {
        guard end >= 3 else { return false }
        return openings.contains(UInt32(bytes[end - 1]) << 16 | UInt32(bytes[end - 2]) << 8 | UInt32(bytes[end - 3]))
    }

    private func add(_ finding: Finding?, _ found: inout [Finding]) {
        if let finding { found.append(finding) }
    }

    /// Looks into encodings; called once for each layer.
    func collectEncoded(_ bytes: borrowing Span<UInt8>, depth: Int, into found: inout [Finding]) {
        guard depth > 0 else { return }
        var inner: [Finding] = []
        DecodeLayers.each(in: bytes, opensBackwards: { opensBackwards($0, bytes) }) { layer, isReversed in
            inner.removeAll(keepingCapacity: true)
            collect(layer.bytes.span, depth: depth - 1, into: &inner)
            if isReversed {
                inner.removeAll { $0.kind != .selfIdentifying }
            } else {
                collectEncoded(layer.bytes.span, depth: depth - 1, into: &inner)
            }
            for finding in inner { found.append(contentsOf: Self.lift(finding, layer, isReversed)) }
        }
    }

    private static func lift(_ finding: Finding, _ layer: DecodedLayer, _ isReversed: Bool) -> [Finding] {
        if let whole = layer.whole {
            return [Finding(rule: finding.rule, start: whole.lowerBound, end: whole.upperBound, kind: .encoded)]
        }
        guard finding.end <= layer.sources.count, finding.end > finding.start else { return [] }
        let first = layer.sources[isReversed ? finding.end - 1 : finding.start].lowerBound
        let last = layer.sources[isReversed ? finding.start : finding.end - 1].upperBound
        return [Finding(rule: finding.rule, start: first, end: last, kind: .encoded)]
    }

    private func backwards(_ position: Int, _ bytes: borrowing Span<UInt8>, _ found: inout [Finding]) -> Int {
        let layer = DecodeLayers.reversedWord(at: position, in: bytes)
        var inner: [Finding] = []
        collect(layer.bytes.span, depth: 0, into: &inner)
        for finding in inner where finding.kind == .selfIdentifying { found += Self.lift(finding, layer, true) }
        return layer.sources.first?.upperBound ?? position
    }

    /// Masks, line by line, what a dump shows of a secret. Returns where the dump ends.
    private func dump(_ start: Int, _ depth: Int, _ bytes: borrowing Span<UInt8>, _ found: inout [Finding]) -> Int {
        let offsetEnd = Cursor.at(bytes, start) == 0x30 && Cursor.at(bytes, start + 1) == 0x3a ? start + 1 : start + 8
        guard let dump = HexDump.read(offsetEnd: offsetEnd, in: bytes) else { return start + 1 }
        var inner: [Finding] = []
        collect(dump.bytes.span, depth: depth - 1, into: &inner)
        collectEncoded(dump.bytes.span, depth: depth - 1, into: &inner)
        for finding in inner where finding.end <= dump.lineOf.count && finding.start < finding.end {
            for line in dump.lineOf[finding.start]...dump.lineOf[finding.end - 1] {
                found.append(
                    Finding(
                        rule: finding.rule, start: dump.lines[line].lowerBound, end: dump.lines[line].upperBound,
                        kind: .encoded))
            }
        }
        return dump.lines[dump.lines.count - 1].upperBound
    }

    private func vendor(_ rule: VendorRule, _ end: Int, _ bytes: borrowing Span<UInt8>) -> Finding? {
        guard var range = rule.range(in: bytes, anchorEnd: end) else { return nil }
        if !rule.opening.isEmpty {
            // The class before the anchor may have taken the letter of an escape too.
            var start = range.lowerBound
            while start < range.lowerBound + 2, !Cursor.stands(rule.opening, at: start, in: bytes) { start += 1 }
            guard Cursor.stands(rule.opening, at: start, in: bytes) else { return nil }
            range = start..<range.upperBound
        }
        let tail = max(range.lowerBound, min(end, range.upperBound))
        let checked = tail < range.upperBound ? tail..<range.upperBound : range
        let text = bytes.extracting(checked)
        let makeup = ValueJudge.Makeup(text)
        if makeup.length >= 12 {
            guard makeup.distinct >= 6, makeup.longestRepeat * 2 <= makeup.length,
                makeup.digits > 0 || makeup.upper > 0, !PlaceholderWords.isPlaceholder(text)
            else { return nil }
        }
        // Fly writes its scheme into the token itself.
        let scheme = rule.provider == "Fly.io" && Cursor.stands("flyv1 ", at: range.lowerBound - 6, in: bytes) ? 6 : 0
        return Finding(rule: rule.id, start: range.lowerBound - scheme, end: range.upperBound, kind: .selfIdentifying)
    }

    /// `Bearer …` without a field's name before it.
    private func bearer(_ end: Int, _ bytes: borrowing Span<UInt8>) -> Finding? {
        let start = Cursor.skipBlanks(bytes, end)
        guard
            let value = ValueReader.quotedOnly(at: start, in: bytes)
                ?? ValueReader.plainValue(at: start, inQuery: false, in: bytes)
        else { return nil }
        // After a field's name nothing but a credential follows; in prose it must look like one.
        let isField = Cursor.at(bytes, end - 9) == 0x3a || Cursor.at(bytes, end - 8) == 0x3a
        let text = bytes.extracting(value.range)
        let isCredential =
            isField && ValueJudge.isSecret(text, in: ValueJudge.Setting(verdict: .password, isQuoted: true))
        guard isCredential || ValueJudge.isSecret(text, in: ValueJudge.Setting(verdict: .machine, isQuoted: true))
        else { return nil }
        return Finding(rule: "bearer-token", start: value.range.lowerBound, end: value.range.upperBound, kind: .context)
    }
}
