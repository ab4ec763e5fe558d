// SPDX-License-Identifier: Apache-2.0

/// The automaton over all anchors, and what is done at each.
struct AnchorEngine: Sendable {
    /// What an anchor calls for.
    private enum Action {
        case vendor(Int)
        case name
        case keyBlock, puttyKey, webToken, url, bearer
    }

    static let shared = AnchorEngine()

    private let automaton: AnchorAutomaton
    private let actions: [Action]
    private let lengths: [Int]

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
    }

    private static let nameWords = [
        "pass", "pwd", "secret", "token", "key", "auth", "cred", "_pat", "-pat", "jwt", "salt", "cookie", "bearer", "_pw", "hmac", "_rk", "psw", "pword", "otp",
    ]

    private static let structures: [(String, Action)] = [
        ("-----begin ", .keyBlock), ("private-lines:", .puttyKey), ("eyj", .webToken), ("://", .url), ("bearer ", .bearer),
    ]

    func collect(_ bytes: borrowing Span<UInt8>, into found: inout [Finding]) {
        var hits: [(state: UInt32, end: Int)] = []
        automaton.scan(bytes) { state, end in hits.append((state, end)) }
        var nameDone = 0
        for hit in hits {
            for anchor in automaton.anchors(of: hit.state) {
                let start = hit.end - lengths[Int(anchor)]
                if let finding = finding(actions[Int(anchor)], start, hit.end, &nameDone, bytes) { found.append(finding) }
            }
        }
    }

    private func finding(
        _ action: Action, _ start: Int, _ end: Int, _ nameDone: inout Int, _ bytes: borrowing Span<UInt8>
    ) -> Finding? {
        switch action {
        case .vendor(let index): return vendor(VendorRule.all[index], end, bytes)
        case .keyBlock: return StructureReaders.keyBlock(at: start, in: bytes)
        case .puttyKey: return StructureReaders.puttyKey(at: start, in: bytes)
        case .webToken: return StructureReaders.webToken(at: start, in: bytes)
        case .url: return StructureReaders.url(schemeEnd: end, in: bytes)
        case .bearer: return bearer(end, bytes)
        case .name:
            guard start >= nameDone else { return nil }
            let name = NameReader.name(around: start..<end, in: bytes)
            nameDone = name.upperBound
            return NameReader.finding(for: name, in: bytes)
        }
    }

    private func vendor(_ rule: VendorRule, _ end: Int, _ bytes: borrowing Span<UInt8>) -> Finding? {
        guard let range = rule.range(in: bytes, anchorEnd: end) else { return nil }
        let tail = max(range.lowerBound, min(end, range.upperBound))
        let checked = tail < range.upperBound ? tail..<range.upperBound : range
        let text = bytes.extracting(checked)
        let makeup = ValueJudge.Makeup(text)
        if makeup.length >= 12 {
            guard makeup.distinct >= 6, makeup.longestRepeat < 8, !PlaceholderWords.isPlaceholder(text) else { return nil }
        }
        return Finding(rule: rule.id, start: range.lowerBound, end: range.upperBound, kind: .selfIdentifying)
    }

    /// `Bearer …` without a field's name before it.
    private func bearer(_ end: Int, _ bytes: borrowing Span<UInt8>) -> Finding? {
        let start = Cursor.skipBlanks(bytes, end)
        guard let value = ValueReader.quotedOnly(at: start, in: bytes) ?? ValueReader.plainValue(at: start, stops: [], in: bytes) else { return nil }
        let setting = ValueJudge.Setting(verdict: .machine, isQuoted: true)
        guard ValueJudge.isSecret(bytes.extracting(value.range), in: setting) else { return nil }
        return Finding(rule: "bearer-token", start: value.range.lowerBound, end: value.range.upperBound, kind: .context)
    }
}
