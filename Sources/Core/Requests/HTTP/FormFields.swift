// SPDX-License-Identifier: Apache-2.0

/// One field of a form, from a URL-encoded or a multipart body.
public struct FormField: Sendable, Hashable {
    /// The field's name.
    public let name: String
    /// The field's value.
    public let value: [UInt8]
    /// The file name of an upload, or `nil`.
    public let fileName: String?
    /// The part's own type, or `nil`.
    public let mediaType: MediaType?

    /// The value as text, or `nil` when it is not UTF-8.
    public var text: String? { String(validating: value, as: UTF8.self) }

    /// Reads `name=value&…`; `nil` when a percent sequence is malformed or a name is not UTF-8.
    ///
    /// - Parameter isLenient: Whether to pass over fields with a malformed name and to take malformed values as they are.
    static func parseURLEncoded(_ body: [UInt8], isLenient: Bool = false) -> [FormField]? {
        var fields: [FormField] = []
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let raw = pair[equals...].dropFirst()
            guard let name = PercentEncoding.decodeText(pair[..<equals], plusIsSpace: true),
                let value = PercentEncoding.decode(raw, plusIsSpace: true) ?? (isLenient ? Array(raw) : nil)
            else {
                if isLenient { continue }
                return nil
            }
            fields.append(FormField(name: name, value: value, fileName: nil, mediaType: nil))
        }
        return fields
    }

    /// Reads a multipart body; `nil` when it is anything but the plain form that all readers agree on.
    ///
    /// - SeeAlso: RFC 2046, section 5.1; RFC 7578.
    static func parseMultipart(_ body: [UInt8], boundary: String, maximumParts: Int) -> [FormField]? {
        let delimiter = Array("--\(boundary)".utf8)
        let lineBreak: [UInt8] = [0x0D, 0x0A]
        guard !boundary.isEmpty, boundary.utf8.count <= 70, body.starts(with: delimiter) else { return nil }
        var fields: [FormField] = []
        var rest = body[delimiter.count...]
        while true {
            if rest.starts(with: "--".utf8) {
                let epilogue = rest.dropFirst(2)
                return epilogue.isEmpty || epilogue.elementsEqual(lineBreak) ? fields : nil
            }
            guard rest.starts(with: lineBreak), fields.count < maximumParts else { return nil }
            rest = rest.dropFirst(2)
            guard let end = rest.firstRange(of: lineBreak + delimiter) else { return nil }
            guard let field = part(rest[..<end.lowerBound]) else { return nil }
            fields.append(field)
            rest = rest[end.upperBound...]
        }
    }

    private static func part(_ bytes: ArraySlice<UInt8>) -> FormField? {
        guard let end = bytes.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A]) else { return nil }
        var disposition: [HTTPHeaderField]?
        var mediaType: MediaType?
        var seen: Set<String> = []
        for line in bytes[..<end.lowerBound].split(separator: 0x0A) {
            guard let text = String(validating: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self) else {
                return nil
            }
            guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let name = text[..<colon].lowercased()
            let value = String(text[text.index(after: colon)...])
            guard HeaderValueReader.isToken(name), seen.insert(name).inserted else { return nil }
            switch name {
            case "content-disposition":
                var reader = HeaderValueReader(value)
                guard reader.token()?.lowercased() == "form-data", let parameters = reader.parameters() else {
                    return nil
                }
                disposition = parameters
            case "content-type":
                guard let type = MediaType(value) else { return nil }
                mediaType = type
            case "content-transfer-encoding":
                guard ["7bit", "8bit", "binary"].contains(value.trimmingSpace().lowercased()) else { return nil }
            default: break
            }
        }
        guard let disposition, let name = disposition.first(where: { $0.name == "name" })?.value else { return nil }
        guard !disposition.contains(where: { $0.name == "name*" }) else { return nil }
        let fileName = disposition.first { $0.name == "filename" || $0.name == "filename*" }?.value
        return FormField(name: name, value: Array(bytes[end.upperBound...]), fileName: fileName, mediaType: mediaType)
    }
}

extension ArraySlice<UInt8> {
    /// Where a sequence of bytes first stands.
    fileprivate func firstRange(of pattern: [UInt8]) -> Range<Int>? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        var start = startIndex
        while let hit = self[start...].firstIndex(of: first), endIndex - hit >= pattern.count {
            if self[hit..<hit + pattern.count].elementsEqual(pattern) { return hit..<hit + pattern.count }
            start = hit + 1
        }
        return nil
    }
}
