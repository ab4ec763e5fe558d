// SPDX-License-Identifier: Apache-2.0

/// What a value in a file must look like. One description serves reading, checking, and the JSON Schema.
indirect enum Shape: Sendable {
    case text(TextKind)
    case integer(ClosedRange<Int64>)
    case boolean
    case list(Shape, mayBeEmpty: Bool)
    case table(KeyTable)
    /// A map with names of the author's choice.
    case named(Shape, mayBeEmpty: Bool)
    /// One of several shapes, told apart by whether the value is a scalar, a list or a map.
    case either([Shape])
    /// Anything at all.
    case anything

    /// A list with at least one element.
    static func list(_ shape: Shape) -> Shape { .list(shape, mayBeEmpty: false) }

    /// Whether a node of this kind could fit, its content aside.
    func fitsKind(of node: YAMLNode) -> Bool {
        switch (self, node.content) {
        case (.anything, _): true
        case (.either(let shapes), _): shapes.contains { $0.fitsKind(of: node) }
        case (.text, .scalar), (.integer, .scalar), (.boolean, .scalar): !node.isNull
        case (.list, .sequence), (.table, .mapping), (.named, .mapping): true
        default: false
        }
    }

    /// What is expected, for messages.
    var summary: String {
        switch self {
        case .text(let kind): kind.summary
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "`true` or `false`"
        case .list: "a list"
        case .table(let table): "a map such as `\(table.example)`"
        case .named: "a map of names"
        case .either(let shapes): shapes.map(\.summary).joined(separator: ", or ")
        case .anything: "a value"
        }
    }
}

/// The keys of one kind of map.
struct KeyTable: Sendable {
    /// One key.
    struct Key: Sendable {
        let name: String
        let shape: Shape
        let isRequired: Bool
        let summary: String

        init(_ name: String, _ shape: Shape, required: Bool = false, _ summary: String) {
            self.name = name
            self.shape = shape
            self.isRequired = required
            self.summary = summary
        }
    }

    /// What the map is, for messages: `a rule`.
    let title: String
    /// A map that fits, for messages.
    let example: String
    let keys: [Key]
    private let positions: [String: Int]

    init(_ title: String, example: String, _ keys: [Key]) {
        self.title = title
        self.example = example
        self.keys = keys
        positions = Dictionary(keys.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    subscript(name: String) -> Key? { positions[name].map { keys[$0] } }
}

/// Kinds of text with a grammar of their own.
enum TextKind: Sendable, Hashable {
    case plain
    case name
    case choice([String])
    case duration
    case size
    case pathPattern
    case absolutePath
    case hostPattern
    case urlPattern
    case operationPattern
    case method
    case place
    case environmentVariable
    case address
    case endpoint

    var summary: String {
        switch self {
        case .plain: "text"
        case .name: "a name of letters, digits, `.`, `_` and `-`"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .duration: "a duration such as `10m`, `24h`, `60s` or `500ms`"
        case .size: "a size such as `1MiB` or `2GiB`"
        case .pathPattern: "a path pattern such as `src/**`"
        case .absolutePath: "an absolute path"
        case .hostPattern: "a host such as `api.example.com`, `*.example.com` or `192.0.2.1`"
        case .urlPattern: "a resource such as `https://api.example.com/**`"
        case .operationPattern: "an operation such as `railway.volumeDelete` or `railway.*`"
        case .method: "an HTTP method in capitals"
        case .place: "a place such as `Authorization: Bearer {}`"
        case .environmentVariable: "the name of an environment variable"
        case .address: "an address and port such as `127.0.0.1:8443`"
        case .endpoint: "a host and port such as `api.example.com:443`"
        }
    }

    /// Why `text` doesn't fit, or `nil` where it does.
    func complaint(about text: String) -> String? {
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "it holds a control character" }
        switch self {
        case .plain: return text.isEmpty ? "it is empty" : nil
        case .name: return Self.isName(text) ? nil : "expected \(summary)"
        case .choice(let names):
            return names.contains(text) ? nil : "expected \(summary)" + NearestName.hint(text, in: names)
        case .duration: return Quantity.duration(text) == nil ? "expected \(summary)" : nil
        case .size: return Quantity.bytes(text) == nil ? "expected \(summary)" : nil
        case .pathPattern: return PathPattern.complaint(about: text)
        case .absolutePath:
            return text.hasPrefix("/") && PathText.normalized(text) == text
                ? nil : "expected an absolute path without `.` and `..`"
        case .hostPattern: return HostPattern.complaint(about: text)
        case .urlPattern: return URLPattern.complaint(about: text)
        case .operationPattern: return OperationPattern.complaint(about: text)
        case .method: return Self.isMethod(text) ? nil : "expected \(summary)"
        case .place: return SecretPlace(text) == nil ? "expected \(summary), with `{}` exactly once" : nil
        case .environmentVariable: return Self.isVariable(text) ? nil : "expected \(summary)"
        case .address: return Self.isAddress(text) ? nil : "expected \(summary)"
        case .endpoint:
            let pattern = HostPattern(text)
            return pattern?.port != nil && pattern?.isExact == true ? nil : "expected \(summary)"
        }
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
        let head = isAlphanumeric(first) || first == UInt8(ascii: "_")
        return head && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isMethod(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 32 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x2D }
    }

    private static func isVariable(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isAddress(_ text: String) -> Bool {
        guard let pattern = HostPattern(text), pattern.port != nil else { return false }
        return pattern.isAddress
    }
}
