// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// The text that a person reads before signing, made from the descriptor alone.
///
/// Facts come first, in full. Names that a provider gave and sentences that may quote one are unverified: they stand
/// below, beside their ids, cut at 280 characters. The text of a descriptor is always the same, and its digest is part
/// of the descriptor.
public struct ApprovalRendering: Hashable, Sendable {
    /// Plain ASCII lines.
    public let text: String
    /// SHA-256 of the text.
    public let digest: Digest

    /// Most bytes and lines of a text that a person can be expected to read. What is longer can't be approved.
    static let limitBytes = 32 << 10
    static let limitLines = 600

    /// Renders a descriptor.
    ///
    /// - Throws: `StateError` with `.invalid` where the text would have to be cut, or the value is no descriptor.
    public init(_ descriptor: JSONValue) throws(StateError) {
        guard case .object(let members) = descriptor,
            members["kind"] == .string(ActionDescriptorBuilder.kind), members["version"] == 1
        else { throw StateError(.invalid, "this is no description of an act that can be shown") }
        var lines = Self.summary(members)
        for name in ["effect", "act", "operations"] { Self.flatten(members[name] ?? .null, name, &lines) }
        Self.targets(members["targets"]?.arrayValue ?? [], &lines)
        let shown = [
            "effect", "act", "operations", "targets", "kind", "version", "class", "environment", "requestedAt",
            "deadline",
            "shown",
        ]
        // Every other member is shown as it is, so that a descriptor can't hold what its reader doesn't see.
        for member in members.sorted(by: { $0.name < $1.name }) where !shown.contains(member.name) {
            let isReasons = member.name == "reasons"
            let value = isReasons ? Self.withoutText(member.value, "message") : member.value
            Self.flatten(value, String(Self.step(member.name).drop { $0 == "." }), &lines)
        }
        lines += Self.unverified(members)
        let text = lines.joined(separator: "\n") + "\n"
        guard lines.count <= Self.limitLines, text.utf8.count <= Self.limitBytes else {
            throw StateError(.invalid, "the act is too long to be shown in full, so nobody can approve it; split it up")
        }
        self.text = text
        digest = try Hashing.digest(Array(text.utf8))
    }

    private static func summary(_ members: JSONObject) -> [String] {
        func text(_ value: JSONValue?) -> String { SafeText.escaped(value?.stringValue ?? "(missing)") }
        let session = members["session"] ?? .null
        let chain = (session["principals"]?.arrayValue ?? []).map { text($0) }.joined(separator: " > ")
        return [
            "class: \(text(members["class"]))", "environment: \(text(members["environment"]))",
            "session: \(text(session["id"])) in \(text(session["environment"]))", "asked by: \(chain)",
            "asked at: \(text(members["requestedAt"])), answer by: \(text(members["deadline"]))",
        ]
    }

    private static func targets(_ targets: [JSONValue], _ lines: inout [String]) {
        guard case .array(let facts) = withoutText(.array(targets), "name") else { return }
        for (index, target) in facts.enumerated() { flatten(target, "targets[\(index)]", &lines) }
    }

    /// The elements without a member that is shown elsewhere. One that isn't a text isn't shown there, so that it
    /// stays.
    private static func withoutText(_ list: JSONValue, _ name: String) -> JSONValue {
        guard case .array(let elements) = list else { return list }
        return .array(
            elements.map { element in
                guard case .object(var members) = element, members[name]?.stringValue != nil else { return element }
                members[name] = nil
                return .object(members)
            })
    }

    /// Writes one line per value, names sorted, so that the text doesn't depend on the order of members.
    private static func flatten(_ value: JSONValue, _ path: String, _ lines: inout [String]) {
        // Far beyond the limit the rest can't matter any more; this also bounds the work.
        guard lines.count <= limitLines else { return }
        switch value {
        case .object(let members) where !members.isEmpty:
            for member in members.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
                flatten(member.value, path + step(member.name), &lines)
            }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() { flatten(element, "\(path)[\(index)]", &lines) }
        case .string(let text): lines.append("\(path): \"\(SafeText.escaped(text))\"")
        default: lines.append("\(path): \(value.serialized())")
        }
    }

    /// A name with marks in it is quoted, so that it can't pass for a path of several names.
    private static func step(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
        }
        return isPlain && !name.isEmpty ? "." + name : "[\"" + SafeText.escaped(name) + "\"]"
    }

    private static func unverified(_ members: JSONObject) -> [String] {
        var lines: [String] = []
        for (index, target) in (members["targets"]?.arrayValue ?? []).enumerated() {
            guard let name = target["name"]?.stringValue else { continue }
            let id = SafeText.escaped(target["id"]?.stringValue ?? "(missing)")
            lines.append("name of targets[\(index)] \(id): \(SafeText.unverified(name))")
        }
        for (index, reason) in (members["reasons"]?.arrayValue ?? []).enumerated() {
            guard let message = reason["message"]?.stringValue else { continue }
            let id = SafeText.escaped(reason["id"]?.stringValue ?? "(missing)")
            lines.append("words of reasons[\(index)] \(id): \(SafeText.unverified(message))")
        }
        return lines.isEmpty ? [] : ["--- unverified text, checked by nobody ---"] + lines
    }
}
