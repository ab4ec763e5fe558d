// SPDX-License-Identifier: Apache-2.0

internal import AgentHost

/// Standard input line by line, without its line ends.
struct LineReader {
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// The next line, or `nil` at the end. A last line without its line end counts.
    mutating func next() -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            guard !isAtEnd else {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                return buffer[start...]
            }
            buffer.removeFirst(start)
            start = 0
            searched = buffer.count
            let chunk = StandardStreams.read(from: 0, limitBytes: 1 << 18)
            isAtEnd = chunk.isEmpty
            buffer += chunk
        }
    }
}
