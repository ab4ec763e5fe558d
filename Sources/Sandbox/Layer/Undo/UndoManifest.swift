// SPDX-License-Identifier: Apache-2.0

/// The manifest's lines: flat JSON objects of strings, bytes in hexadecimal because names need not be text.
enum UndoManifest {
    /// How far a step came. `planned` lines stand first and are on disk before anything happens; `finished` is the last
    /// line.
    enum Progress: String, Sendable {
        case planned, intent, done, undone, finished
    }

    struct Line: Hashable, Sendable {
        var number: Int
        var progress: Progress
        var record: UndoRecord
    }

    static func encode(_ line: Line) -> [UInt8] {
        let record = line.record
        var fields: [(String, String)] = [
            ("n", String(line.number)), ("progress", line.progress.rawValue), ("action", record.action.rawValue),
            ("path", hex(record.path.bytes)),
        ]
        if let aside = record.aside { fields.append(("aside", hex(aside))) }
        if let before = record.before { fields += encode(before, prefix: "before-") }
        if let after = record.after { fields += encode(after, prefix: "after-") }
        // Keys and values are hexadecimal, numbers or fixed words, so nothing needs escaping.
        let body = fields.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",")
        return Array("{\(body)}\n".utf8)
    }

    /// Reads a manifest; a last line that was cut off by a crash is ignored, anything else odd is an error.
    static func decode(_ bytes: [UInt8]) throws(LayerError) -> [Line] {
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        var lines: [Line] = []
        for text in bytes[..<end].split(separator: UInt8(ascii: "\n")) {
            guard let line = decodeLine(String(decoding: text, as: UTF8.self)) else {
                throw LayerError(.damagedManifest, .undo)
            }
            lines.append(line)
        }
        return lines
    }

    private static func encode(_ state: UndoState, prefix: String) -> [(String, String)] {
        var fields = [
            (prefix + "kind", state.kind.rawValue), (prefix + "mode", String(state.mode, radix: 8)),
            (prefix + "owner", String(state.owner)), (prefix + "group", String(state.group)),
        ]
        if let digest = state.digest { fields.append((prefix + "sha256", digest.description)) }
        if let target = state.target { fields.append((prefix + "target", hex(target))) }
        return fields
    }

    private static func decodeLine(_ text: String) -> Line? {
        guard text.hasPrefix("{\""), text.hasSuffix("\"}") else { return nil }
        var fields: [String: String] = [:]
        for field in text.dropFirst(2).dropLast(2).split(separator: "\",\"", omittingEmptySubsequences: false) {
            let parts = field.split(separator: "\":\"", omittingEmptySubsequences: false)
            guard parts.count == 2, fields.updateValue(String(parts[1]), forKey: String(parts[0])) == nil else {
                return nil
            }
        }
        guard let number = fields["n"].flatMap({ Int($0) }), let progress = fields["progress"].flatMap(Progress.init),
            let action = fields["action"].flatMap(UndoRecord.Action.init), let raw = fields["path"].flatMap(unhex),
            let path = raw.isEmpty ? .root : try? LayerPath(raw)
        else { return nil }
        var record = UndoRecord(action, path, before: nil, after: nil)
        if let aside = fields["aside"] {
            guard let name = unhex(aside) else { return nil }
            record.aside = name
        }
        for prefix in ["before-", "after-"] where fields[prefix + "kind"] != nil {
            guard let state = decodeState(fields, prefix: prefix) else { return nil }
            if prefix == "before-" { record.before = state } else { record.after = state }
        }
        return Line(number: number, progress: progress, record: record)
    }

    private static func decodeState(_ fields: [String: String], prefix: String) -> UndoState? {
        guard let kind = fields[prefix + "kind"].flatMap(LayerKind.init),
            let mode = fields[prefix + "mode"].flatMap({ UInt32($0, radix: 8) }),
            let owner = fields[prefix + "owner"].flatMap({ UInt32($0) }),
            let group = fields[prefix + "group"].flatMap({ UInt32($0) })
        else { return nil }
        var state = UndoState(kind: kind, mode: mode)
        state.owner = owner
        state.group = group
        if let digest = fields[prefix + "sha256"] {
            state.digest = LayerDigest(hex: digest)
            if state.digest == nil { return nil }
        }
        if let target = fields[prefix + "target"] {
            state.target = unhex(target)
            if state.target == nil { return nil }
        }
        return state
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { PrintableText.hex(UInt32($0), width: 2) }.joined()
    }

    private static func unhex(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }
}
