// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// An HTTP request that a command would make, as far as its text tells.
package struct CommandRequest: Hashable, Sendable {
    /// A part of which something is only known when it runs.
    package enum Part: Hashable, Sendable { case method, host, path, headers, body, connection }

    package var request: OutgoingRequest
    package var unknownParts: Set<Part>
    /// What changes where the request goes, such as `--proxy` and `--resolve`.
    package var notes: [String]

    /// The requests of a command; none where it isn't a program for HTTP.
    package static func requests(of command: ReadCommand) -> [CommandRequest] {
        guard let program = command.program, let first = program.utf8.first, [0x63, 0x77, 0x68, 0x78].contains(first) else { return [] }
        switch program {
        case "curl":
            var reader = CurlReader(command)
            return reader.read()
        case "wget": return WgetReader.read(command)
        case "http", "https", "httpie", "xh", "xhs": return HTTPieReader.read(program, command)
        default: return []
        }
    }

    /// The part of a URL that isn't known.
    static func unknownParts(of url: CommandWord) -> Set<Part> {
        guard !url.isKnown else { return [] }
        let prefix = url.knownPrefix
        guard let scheme = prefix.firstOccurrence(of: "://") else { return [.host, .path] }
        let rest = prefix[scheme.upperBound...]
        return rest.contains("/") && !(rest.prefix { $0 != "/" }.contains("@")) ? [.path] : [.host, .path]
    }

    /// A URL that parses although parts of it are unknown.
    static func printable(_ url: CommandWord, scheme: String) -> String {
        let text = url.isKnown ? url.text : url.text.replacing(CommandWord.hole, with: "0")
        return text[...].firstOccurrence(of: "://") == nil ? scheme + "://" + text : text
    }
}
