// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Reads curl's command line.
struct CurlReader {
    private struct Transfer {
        var urls: [CommandWord] = []
        var method: CommandWord?
        var headers: [OutgoingRequest.Header] = []
        var data: [CommandWord] = []
        var isJSON = false
        var isForm = false
        var isGet = false
        var isHead = false
        var uploads = false
        var unknown: Set<CommandRequest.Part> = []
        var notes: [String] = []
    }

    private let command: ReadCommand
    private var transfers: [Transfer] = []
    private var current = Transfer()

    init(_ command: ReadCommand) { self.command = command }

    /// One-letter options that take a value.
    private static let shortWithValue = Set("ACDEFHKPQTUXYbcdehmortuwxyz".utf8)
    /// Long options that take none; every other long one takes the next word.
    private static let longFlags: Set<String> = Set(
        """
        --silent --show-error --fail --fail-with-body --fail-early --location --location-trusted --insecure --verbose --include --head --get --compressed --http1.0 --http1.1 \
        --http2 --http2-prior-knowledge --http3 --ipv4 --ipv6 --remote-name --remote-name-all --remote-header-name --remote-time --progress-bar --no-progress-meter --globoff --next --parallel --no-buffer --no-keepalive \
        --tcp-nodelay --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --ssl --ssl-reqd --anyauth --basic --digest --negotiate --ntlm --netrc --netrc-optional --disable --junk-session-cookies --list-only --append \
        --create-dirs --crlf --path-as-is --post301 --post302 --post303 --raw --retry-all-errors --retry-connrefused --styled-output --suppress-connect-headers --tr-encoding --trace-time --use-ascii --xattr \
        --help --version --manual --proxytunnel --no-alpn --no-npn --no-sessionid --ftp-pasv --fail --form-escape --disallow-username-in-url --http0.9 --ca-native --cert-status --false-start --remove-on-error --no-clobber --skip-existing
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    mutating func read() -> [CommandRequest] {
        let words = Array(command.argv.dropFirst())
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            guard word.isKnown || word.text.utf8.first == 0x2D, !word.text.isEmpty else {
                if word.maySplit, word.knownPrefix.isEmpty { current.unknown.formUnion([.method, .headers, .body, .connection]) }
                current.urls.append(word)
                continue
            }
            if word.text.hasPrefix("--") { long(word, words, &index) } else if word.text.utf8.first == 0x2D, word.text.utf8.count > 1 { short(word, words, &index) } else { current.urls.append(word) }
        }
        transfers.append(current)
        return transfers.flatMap { finished($0) }
    }

    private mutating func long(_ word: CommandWord, _ words: [CommandWord], _ index: inout Int) {
        var name = word.text
        // curl takes unique abbreviations.
        if Self.longFlags.contains(name) || name.hasPrefix("--no-") { flag(name); return }
        let full = ["--request", "--header", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii", "--json", "--form", "--url", "--user", "--upload-file", "--config"]
        if !full.contains(name), let match = full.first(where: { $0.hasPrefix(name) && name.utf8.count > 4 }) { name = match }
        guard index < words.count else { return }
        let value = words[index]
        index += 1
        option(name, value)
    }

    private mutating func short(_ word: CommandWord, _ words: [CommandWord], _ index: inout Int) {
        let bytes = Array(word.text.utf8)
        var at = 1
        while at < bytes.count {
            let letter = bytes[at]
            at += 1
            guard Self.shortWithValue.contains(letter) else { flag("-" + String(decoding: [letter], as: UTF8.self)); continue }
            var value: CommandWord
            if at < bytes.count {
                value = CommandWord(String(decoding: bytes[at...], as: UTF8.self), isKnown: word.isKnown, maySplit: word.maySplit)
            } else if index < words.count {
                value = words[index]
                index += 1
            } else {
                return
            }
            value.isPattern = false
            option("-" + String(decoding: [letter], as: UTF8.self), value)
            return
        }
    }

    private mutating func flag(_ name: String) {
        switch name {
        case "-G", "--get": current.isGet = true
        case "-I", "--head": current.isHead = true
        case "--next", "-:":
            transfers.append(current)
            current = Transfer()
        case "--help", "--version", "-V", "--manual", "-M": current.notes.append("help")
        default: break
        }
    }

    private mutating func option(_ name: String, _ value: CommandWord) {
        switch name {
        case "-X", "--request": current.method = value
        case "-H", "--header": header(value)
        case "-A", "--user-agent": add("User-Agent", value)
        case "-e", "--referer": add("Referer", value)
        case "-b", "--cookie": add("Cookie", value)
        case "-u", "--user": add("Authorization", CommandWord("Basic " + Base64.encode(Array(value.text.utf8)), isKnown: value.isKnown))
        case "--oauth2-bearer": add("Authorization", CommandWord("Bearer " + value.text, isKnown: value.isKnown))
        case "-d", "--data", "--data-ascii", "--data-binary", "--data-urlencode": data(value, raw: false, encodes: name == "--data-urlencode")
        case "--data-raw": data(value, raw: true, encodes: false)
        case "--json":
            current.isJSON = true
            data(value, raw: false, encodes: false)
        case "-F", "--form", "--form-string":
            current.isForm = true
            current.unknown.insert(.body)
        case "-T", "--upload-file":
            current.uploads = true
            current.unknown.insert(.body)
        case "--url": current.urls.append(value)
        case "--url-query": current.unknown.insert(.path)
        case "-K", "--config": current.unknown.formUnion([.method, .host, .path, .headers, .body, .connection])
        case "-x", "--proxy", "--resolve", "--connect-to", "--socks5", "--socks5-hostname", "--preproxy", "--socks4", "--unix-socket", "--abstract-unix-socket", "--doh-url", "--interface":
            current.notes.append(name)
            current.unknown.insert(.connection)
        default: break
        }
    }

    private mutating func header(_ value: CommandWord) {
        guard !value.text.hasPrefix("@"), value.isKnown || value.knownPrefix.contains(":") else {
            // A header of unknown name may say what the body is.
            current.unknown.formUnion([.headers, .body])
            return
        }
        guard let colon = value.text.firstIndex(of: ":") else { return }
        let text = value.text[value.text.index(after: colon)...].drop { $0 == " " }
        add(String(value.text[..<colon]), CommandWord(String(text), isKnown: value.isKnown))
    }

    private mutating func add(_ name: String, _ value: CommandWord) {
        if !value.isKnown {
            current.unknown.insert(.headers)
            let lower = name.lowercased()
            if ["content-type", "content-encoding", "transfer-encoding", "host"].contains(lower) || lower.contains("method") || lower.contains("override") || lower.contains("forwarded") {
                current.unknown.insert(.body)
            }
        }
        current.headers.append(OutgoingRequest.Header(name, value.text))
    }

    private mutating func data(_ value: CommandWord, raw: Bool, encodes: Bool) {
        let isFile = !raw && (value.text.hasPrefix("@") || (encodes && value.text.prefix { $0 != "=" }.contains("@")))
        if isFile {
            if value.text == "@-", case .text(let text) = command.input {
                current.data.append(CommandWord(text))
            } else {
                current.unknown.insert(.body)
            }
            return
        }
        if encodes { current.unknown.insert(.body) }
        if !value.isKnown { current.unknown.insert(.body) }
        current.data.append(value)
    }

    private func finished(_ transfer: Transfer) -> [CommandRequest] {
        if transfer.notes.contains("help") { return [] }
        var transfer = transfer
        if transfer.urls.isEmpty, transfer.unknown.contains(.host) { transfer.urls = [CommandWord.unknownArgument] }
        let hasBody = !transfer.data.isEmpty || transfer.isForm || transfer.unknown.contains(.body)
        var method = transfer.isHead ? "HEAD" : (transfer.uploads ? "PUT" : (hasBody && !transfer.isGet ? "POST" : "GET"))
        if let stated = transfer.method {
            if stated.isKnown { method = stated.text } else { transfer.unknown.insert(.method) }
        }
        var body = transfer.data.map(\.text).joined(separator: transfer.isJSON ? "" : "&")
        var headers = transfer.headers
        if hasBody, !transfer.isGet, !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            if transfer.isForm { headers.append(.init("Content-Type", "multipart/form-data")) } else if !transfer.uploads {
                headers.append(.init("Content-Type", transfer.isJSON ? "application/json" : "application/x-www-form-urlencoded"))
            }
        }
        return transfer.urls.map { url in
            var text = CommandRequest.printable(url, scheme: "http")
            if transfer.isGet, !body.isEmpty { text += (text.contains("?") ? "&" : "?") + body.filter { !$0.isWhitespace }; body = "" }
            return CommandRequest(
                request: OutgoingRequest(method: method, url: text, headers: headers, body: Array(body.utf8)),
                unknownParts: transfer.unknown.union(CommandRequest.unknownParts(of: url)), notes: transfer.notes)
        }
    }
}
