// SPDX-License-Identifier: Apache-2.0

/// Checks a whole tree against a shape and collects everything that doesn't fit.
struct ShapeChecker {
    private(set) var problems: [PolicyProblem] = []

    init() {}

    /// Checks one value; `label` names it in messages.
    mutating func check(_ node: YAMLNode, _ shape: Shape, label: String) {
        guard shape.fitsKind(of: node) else {
            fail("value.kind", "`\(label)` is \(node.kindName); expected \(shape.summary)", node)
            return
        }
        switch shape {
        case .anything: break
        case .text(let kind):
            if let complaint = kind.complaint(about: node.text ?? "") {
                fail("value.invalid", "`\(Self.shown(node.text))` is no value for `\(label)`: \(complaint)", node)
            }
        case .integer(let range): checkInteger(node, range, shape, label)
        case .boolean:
            if YAMLScalar.boolean(node) == nil {
                fail(
                    "value.invalid",
                    "`\(Self.shown(node.text))` is no value for `\(label)`: expected `true` or `false`", node)
            }
        case .list(let element, let mayBeEmpty):
            let elements = node.elements ?? []
            if elements.isEmpty && !mayBeEmpty {
                fail("list.empty", "`\(label)` is an empty list; name something or take it out", node)
            }
            for child in elements { check(child, element, label: label) }
        case .table(let table): check(node.entries ?? [], of: node, table, label)
        case .named(let value, let mayBeEmpty):
            let entries = node.entries ?? []
            if entries.isEmpty && !mayBeEmpty {
                fail("list.empty", "`\(label)` is an empty map; name something or take it out", node)
            }
            for entry in entries { check(entry.value, value, label: entry.name) }
        case .either(let shapes):
            if let first = shapes.first(where: { $0.fitsKind(of: node) }) { check(node, first, label: label) }
        }
    }

    private mutating func checkInteger(_ node: YAMLNode, _ range: ClosedRange<Int64>, _ shape: Shape, _ label: String) {
        guard let value = YAMLScalar.integer(node), range.contains(value) else {
            fail(
                "value.invalid", "`\(Self.shown(node.text))` is no value for `\(label)`: expected \(shape.summary)",
                node)
            return
        }
    }

    private mutating func check(_ entries: [YAMLNode.Entry], of node: YAMLNode, _ table: KeyTable, _ label: String) {
        var present: Set<String> = []
        for entry in entries {
            present.insert(entry.name)
            guard let key = table[entry.name] else {
                let hint = NearestName.hint(entry.name, in: table.keys.map(\.name))
                problems.append(
                    PolicyProblem(
                        "key.unknown", "unknown key `\(Self.shown(entry.name))` in \(table.title)\(hint)",
                        at: entry.position))
                continue
            }
            check(entry.value, key.shape, label: key.name)
        }
        for key in table.keys where key.isRequired && !present.contains(key.name) {
            fail("key.missing", "\(table.title) lacks the key `\(key.name)`: \(key.summary)", node)
        }
    }

    private mutating func fail(_ id: String, _ message: String, _ node: YAMLNode) {
        problems.append(PolicyProblem(id, message, at: node.position))
    }

    /// Text of the file as a message shows it: bounded, and without control characters.
    static func shown(_ text: String?) -> String {
        let cleaned = String(
            (text ?? "").unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
        return cleaned.count > 60 ? cleaned.prefix(60) + "…" : cleaned
    }
}

/// Typed scalars.
enum YAMLScalar {
    /// An unquoted `true` or `false`. YAML 1.1's `yes`, `on` and so on are not taken: `no` is also a country.
    static func boolean(_ node: YAMLNode) -> Bool? {
        guard case .scalar(let text, true) = node.content else { return nil }
        return text == "true" ? true : text == "false" ? false : nil
    }

    /// An unquoted decimal integer.
    static func integer(_ node: YAMLNode) -> Int64? {
        guard case .scalar(let text, true) = node.content else { return nil }
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard digits.count == 1 || digits.first != 0x30 else { return nil }
        return Int64(text)
    }
}
