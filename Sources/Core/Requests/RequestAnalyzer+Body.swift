// SPDX-License-Identifier: Apache-2.0

/// Reading bodies.
extension RequestAnalyzer {
    mutating func readBody(_ decode: (_ coding: String, _ bytes: [UInt8]) -> [UInt8]?) {
        guard !facts.body.isEmpty else { return }
        analysis.bodyKind = .unknown
        if ["GET", "HEAD", "OPTIONS", "TRACE", "CONNECT"].contains(analysis.method) {
            analysis.report(.bodyUnexpected, "a body stands on a method that has none")
        }
        guard facts.body.count <= limits.maximumBodyBytes else {
            return analysis.report(.bodyTooLarge, "body is over the limit of \(limits.maximumBodyBytes) bytes")
        }
        guard let plain = undoCodings(decode) else { return }
        body = plain
        let charset = analysis.mediaType?["charset"]?.lowercased()
        if let charset, !["utf-8", "utf8", "us-ascii"].contains(charset) {
            analysis.report(.bodyCharset, "body is not in UTF-8")
        }
        readTypedBody()
    }

    private mutating func undoCodings(_ decode: (_ coding: String, _ bytes: [UInt8]) -> [UInt8]?) -> [UInt8]? {
        let codings = facts.headers.filter { $0.name.lowercased() == "content-encoding" }
            .flatMap { $0.value.split(separator: ",").map { String($0).trimmingSpace().lowercased() } }
        var bytes = facts.body
        for coding in codings.reversed() where coding != "identity" && !coding.isEmpty {
            guard let plain = decode(coding, bytes) else {
                analysis.report(.bodyEncoded, "body has a content coding that is not undone; send it plain")
                return nil
            }
            guard plain.count <= limits.maximumBodyBytes else {
                analysis.report(.bodyTooLarge, "decoded body is over the limit of \(limits.maximumBodyBytes) bytes")
                return nil
            }
            bytes = plain
        }
        return bytes
    }

    private mutating func readTypedBody() {
        let essence = analysis.mediaType?.essence ?? ""
        switch essence {
        case "application/x-www-form-urlencoded":
            // What curl sends by default is often JSON under this type, and some servers read it as such.
            if readJSON(isStated: false) { readFormBesidesJSON() } else { readForm() }
        case "multipart/form-data": readMultipart()
        case _ where essence.hasPrefix("multipart/"): analysis.report(.bodyMalformed, "multipart body is not a form")
        case "application/graphql": analysis.bodyKind = .other
        case _
        where essence.contains("ndjson") || essence.contains("jsonl") || essence.contains("json-lines")
            || essence.contains("json-seq"):
            readJSONLines()
        case _ where essence.contains("json"): _ = readJSON(isStated: true)
        default:
            if !readJSON(isStated: false) { analysis.bodyKind = .other }
        }
    }

    /// Reads the body as JSON. Where the type doesn't say so, only a body that is an object or an array counts.
    private mutating func readJSON(isStated: Bool) -> Bool {
        let first = body.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        if !isStated && first != UInt8(ascii: "{") && first != UInt8(ascii: "[") { return false }
        do {
            var strict = limits.json
            strict.duplicateKeys = .refuse
            analysis.json = try JSONValue.parse(body, limits: strict)
        } catch {
            guard error.code == .duplicateKey || isStated else { return false }
            if error.code != .duplicateKey {
                analysis.report(
                    error.code == .syntax || error.code == .loneSurrogate || error.code == .invalidUTF8
                        ? .bodyMalformed : .bodyTooLarge, error.description)
                return false
            }
            analysis.report(.bodyDuplicateKey, error.description)
            var lenient = limits.json
            lenient.duplicateKeys = .keepAll
            analysis.json = try? JSONValue.parse(body, limits: lenient)
            guard analysis.json != nil else {
                if isStated { analysis.report(.bodyMalformed, "body is not valid JSON") }
                return false
            }
        }
        analysis.bodyKind = .json
        if analysis.json?.hasNamesDifferingInCase == true { reportCase() }
        return true
    }

    private mutating func reportCase() {
        analysis.report(
            .bodyAmbiguousKey, "two member names differ only in letter case; some servers take them for one")
    }

    private mutating func readJSONLines() {
        var values: [JSONValue] = []
        for line in body.split(whereSeparator: { $0 == 0x0A || $0 == 0x1E }) {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            guard let value = try? JSONValue.parse(line, limits: limits.json) else {
                return analysis.report(.bodyMalformed, "a line of the body is not valid JSON, or has a duplicate key")
            }
            values.append(value)
        }
        analysis.json = .array(values)
        analysis.bodyKind = .json
        if values.contains(where: \.hasNamesDifferingInCase) { reportCase() }
    }

    private mutating func readForm() {
        guard let fields = FormField.parseURLEncoded(body) else {
            return analysis.report(.bodyMalformed, "form has a malformed percent sequence")
        }
        take(fields, .form)
    }

    /// Reads a body that is JSON under the type of a form as a form too, as a server would that goes by the type.
    private mutating func readFormBesidesJSON() {
        guard let fields = FormField.parseURLEncoded(body, isLenient: true) else { return }
        take(fields, .json)
    }

    private mutating func readMultipart() {
        let boundary = analysis.mediaType?["boundary"] ?? ""
        guard let fields = FormField.parseMultipart(body, boundary: boundary, maximumParts: limits.maximumParts) else {
            return analysis.report(.bodyMalformed, "multipart form is not in its plain form")
        }
        take(fields, .multipart)
    }

    private mutating func take(_ fields: [FormField], _ kind: RequestAnalysis.BodyKind) {
        guard fields.count <= limits.maximumFields else {
            return analysis.report(.bodyTooLarge, "form has more than \(limits.maximumFields) fields")
        }
        analysis.form = fields
        analysis.bodyKind = kind
        for field in fields { checkOverride(field.name, field.text ?? "") }
    }
}

extension JSONValue {
    /// Whether an object anywhere in it has two names that differ only in the case of ASCII letters.
    fileprivate var hasNamesDifferingInCase: Bool {
        switch self {
        case .array(let elements): return elements.contains(where: \.hasNamesDifferingInCase)
        case .object(let members):
            var seen: [String: String] = [:]
            for member in members {
                let name = String(
                    decoding: member.name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
                if let other = seen.updateValue(member.name, forKey: name), other != member.name { return true }
            }
            return members.contains { $0.value.hasNamesDifferingInCase }
        default: return false
        }
    }
}
