// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
package import SystemPackage

/// One request, as the log tells it. No token is ever in it, only short hashes.
package struct LogEntry: Sendable {
    package var time: Int
    package var method: String
    package var host: String?
    package var path: String
    package var credential: String?
    package var query: String?
    package var variables: JSON?
    package var operationName: String?
    package var fields: [String] = []
    package var effects: [String] = []
    package var errors: [String] = []
    package var status = 200

    package init(time: Int, method: String, host: String?, path: String) {
        self.time = time
        self.method = method
        self.host = host
        self.path = path
    }
}

/// Appends one line of JSON per request to a file.
package actor RequestLog {
    private let file: FilePath
    private let tokens: Set<String>

    /// Logs into `file`, which need not exist.
    ///
    /// - Parameter tokens: The SHA-256 hashes of the tokens that must not show.
    package init(file: FilePath, tokens: Set<String>) {
        self.file = file
        self.tokens = tokens
    }

    /// Appends an entry. An entry that can't be written is lost: the stand-in's log proves nothing.
    package func append(_ entry: LogEntry) {
        let line = Array((json(entry).serialized + "\n").utf8)
        guard
            let descriptor = try? FileDescriptor.open(
                file, .writeOnly, options: [.append, .create], permissions: [.ownerReadWrite])
        else { return }
        _ = try? descriptor.closeAfter { try descriptor.writeAll(line) }
    }

    private func json(_ entry: LogEntry) -> JSON {
        var members: [JSON.Member] = [
            .init("time", .string(Date(timeIntervalSince1970: Double(entry.time)).ISO8601Format())),
            .init("method", .string(entry.method)),
            .init("host", entry.host.map(JSON.string) ?? .null),
            .init("path", .string(scrub(entry.path))),
            .init("credential", entry.credential.map(JSON.string) ?? .null),
            .init("status", .integer(entry.status)),
        ]
        if let query = entry.query { members.append(.init("query", .string(scrub(query)))) }
        if let name = entry.operationName { members.append(.init("operationName", .string(scrub(name)))) }
        if let variables = entry.variables { members.append(.init("variables", scrub(variables))) }
        members.append(.init("fields", .array(entry.fields.map(JSON.string))))
        members.append(.init("effects", .array(entry.effects.map(JSON.string))))
        members.append(.init("errors", .array(entry.errors.map(JSON.string))))
        return .object(members)
    }

    private func scrub(_ value: JSON) -> JSON {
        switch value {
        case .string(let text): .string(scrub(text))
        case .array(let elements): .array(elements.map(scrub))
        case .object(let members): .object(members.map { .init(scrub($0.name), scrub($0.value)) })
        default: value
        }
    }

    /// Puts a short hash where a token stands.
    package func scrub(_ text: String) -> String {
        var bytes = Array(text.utf8)
        var position = 0
        while position + 36 <= bytes.count {
            let window = String(decoding: bytes[position..<position + 36], as: UTF8.self)
            if World.isIdentifier(window), tokens.contains(TokenHash.sha256(window)) {
                let name = Array("<token \(TokenHash.short(window))>".utf8)
                bytes.replaceSubrange(position..<position + 36, with: name)
                position += name.count
            } else {
                position += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
