// SPDX-License-Identifier: Apache-2.0

/// One event of an event stream.
package struct ServerSentEvent: Sendable, Hashable {
    /// The event's type; `message` when the stream names none.
    package var name: String
    /// The data lines, joined by line feeds.
    package var data: String

    package init(name: String = "message", data: String) {
        self.name = name
        self.data = data
    }
}

/// Splits the bytes of an event stream into events; bytes may arrive cut at any place.
///
/// - SeeAlso: the HTML standard, 9.2.6 "Interpreting an event stream".
package struct ServerSentEventParser: Sendable {
    private let limitBytes: Int
    private var line: [UInt8] = []
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var afterCarriageReturn = false
    private var isFirstLine = true

    /// Makes a parser.
    ///
    /// - Parameter limitBytes: Most bytes that one event may hold.
    package init(limitBytes: Int = 8 << 20) { self.limitBytes = limitBytes }

    /// Takes bytes and gives the events that they complete.
    ///
    /// - Throws: `.tooLarge` when an event is over the limit.
    package mutating func push(_ bytes: some Sequence<UInt8>) throws(ModelError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let follows = afterCarriageReturn
            afterCarriageReturn = byte == 0x0D
            switch byte {
            case 0x0A where follows: continue
            case 0x0A, 0x0D:
                if let event = endLine() { events.append(event) }
            default:
                line.append(byte)
                guard line.count + data.count <= limitBytes else {
                    throw ModelError(
                        .tooLarge, stage: .stream, reason: "an event of the answer is over \(limitBytes) bytes")
                }
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "event": name = String(decoding: value, as: UTF8.self)
        case "data":
            if hasData { data.append(0x0A) }
            hasData = true
            data.append(contentsOf: value)
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            name = ""
            data.removeAll(keepingCapacity: true)
            hasData = false
        }
        guard hasData else { return nil }
        return ServerSentEvent(name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self))
    }
}
