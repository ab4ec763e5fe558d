// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Reads wget's command line.
enum WgetReader {
    private static let short = WrapperShape(
        short: "oaeiBtTwQPOUlADIXR",
        long: ["--output-document", "--directory-prefix", "--tries", "--timeout", "--user-agent", "--header", "--post-data", "--post-file", "--body-data", "--body-file", "--method", "--user", "--password", "--input-file", "--output-file", "--execute", "--referer"])

    static func read(_ command: ReadCommand) -> [CommandRequest] {
        let vector = ArgumentVector("wget", command.argv.dropFirst(), valueOptions: short.long.union(short.short.map { "-" + String(decoding: [$0], as: UTF8.self) }))
        if vector.asksForHelp { return [] }
        var unknown: Set<CommandRequest.Part> = []
        var body: CommandWord?
        if let data = vector.value(of: "--post-data", "--body-data") { body = data }
        if vector.value(of: "--post-file", "--body-file") != nil { unknown.insert(.body); body = CommandWord("", isKnown: false) }
        if vector.value(of: "-i", "--input-file", "-e", "--execute") != nil { unknown.formUnion([.host, .path, .method]) }
        if vector.hidesOptions && vector.operands.contains(where: { $0.word.maySplit }) { unknown.formUnion([.method, .body]) }
        var headers: [OutgoingRequest.Header] = []
        for (index, word) in vector.words.enumerated() {
            var text: CommandWord?
            if word.text == "--header", index + 1 < vector.words.count { text = vector.words[index + 1] }
            if word.text.hasPrefix("--header=") { text = CommandWord(String(word.text.dropFirst(9)), isKnown: word.isKnown) }
            guard let text, let colon = text.text.firstIndex(of: ":") else { continue }
            if !text.isKnown { unknown.insert(.headers) }
            headers.append(.init(String(text.text[..<colon]), String(text.text[text.text.index(after: colon)...].drop { $0 == " " })))
        }
        if body != nil, !headers.contains(where: { $0.name.lowercased() == "content-type" }) { headers.append(.init("Content-Type", "application/x-www-form-urlencoded")) }
        if body?.isKnown == false { unknown.insert(.body) }
        var method = vector.hasExactly("--spider") ? "HEAD" : (body == nil ? "GET" : "POST")
        if let stated = vector.value(of: "--method") { if stated.isKnown { method = stated.text } else { unknown.insert(.method) } }
        var urls = vector.operands.map(\.word)
        if urls.isEmpty, unknown.contains(.host) { urls = [.unknownArgument] }
        return urls.map { url in
            CommandRequest(
                request: OutgoingRequest(method: method, url: CommandRequest.printable(url, scheme: "http"), headers: headers, body: Array((body?.text ?? "").utf8)),
                unknownParts: unknown.union(CommandRequest.unknownParts(of: url)), notes: [])
        }
    }
}

/// Reads the command lines of httpie and xh.
enum HTTPieReader {
    static func read(_ program: String, _ command: ReadCommand) -> [CommandRequest] {
        let vector = ArgumentVector(
            program, command.argv.dropFirst(),
            valueOptions: ["-a", "--auth", "-A", "--auth-type", "-o", "--output", "-p", "--print", "-s", "--style", "--raw", "--session", "--timeout", "--proxy", "--verify", "--boundary", "--bearer"])
        if vector.asksForHelp || vector.hasExactly("--offline") { return [] }
        var operands = vector.operands.map(\.word)
        var unknown: Set<CommandRequest.Part> = []
        guard let first = operands.first else { return [] }
        var method: String?
        if first.isKnown, !first.text.isEmpty, first.text.utf8.allSatisfy({ (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }), operands.count > 1 {
            method = first.text.uppercased()
            operands.removeFirst()
        } else if !first.isKnown, operands.count > 1 { unknown.insert(.method) }
        guard let url = operands.first else { return [] }
        var headers: [OutgoingRequest.Header] = []
        var object = JSONObject()
        var hasBody = false
        for item in operands.dropFirst() {
            if !item.isKnown { unknown.formUnion([.body, .headers]) }
            guard let sign = item.text.firstIndex(where: { ":=@".contains($0) }) else { continue }
            let name = String(item.text[..<sign])
            let rest = item.text[sign...]
            if rest.hasPrefix("==") { unknown.insert(.path); continue }
            if rest.hasPrefix(":="), !rest.hasPrefix(":=@") {
                object[name] = (try? JSONValue.parse(String(rest.dropFirst(2)))) ?? .null
                hasBody = true
            } else if rest.hasPrefix("="), !rest.hasPrefix("=@") {
                object[name] = .string(String(rest.dropFirst()))
                hasBody = true
            } else if rest.hasPrefix(":"), !rest.hasPrefix(":=") {
                headers.append(.init(name, String(rest.dropFirst())))
            } else {
                unknown.insert(.body)
                hasBody = true
            }
        }
        var body = hasBody ? JSONValue.object(object).serializedBytes() : []
        if let raw = vector.value(of: "--raw") { body = Array(raw.text.utf8); hasBody = true; if !raw.isKnown { unknown.insert(.body) } }
        if case .text(let text) = command.input, !hasBody { body = Array(text.utf8); hasBody = true }
        if case .output = command.input { unknown.insert(.body); hasBody = true }
        if hasBody { headers.append(.init("Content-Type", "application/json")) }
        var text = CommandRequest.printable(url, scheme: program.hasSuffix("s") ? "https" : "http")
        if url.text.hasPrefix(":") { text = "http://localhost" + (url.text.hasPrefix(":/") ? String(url.text.dropFirst()) : url.text) }
        return [
            CommandRequest(
                request: OutgoingRequest(method: method ?? (hasBody ? "POST" : "GET"), url: text, headers: headers, body: body),
                unknownParts: unknown.union(CommandRequest.unknownParts(of: url)), notes: [])
        ]
    }
}
