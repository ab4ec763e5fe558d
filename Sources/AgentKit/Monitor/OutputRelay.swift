// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Redacts a running program's two streams chunk by chunk.
final class OutputRelay: Sendable {
    private struct Streams: Sendable {
        var output: any StreamRedactor
        var error: any StreamRedactor
    }

    private let streams: Mutex<Streams>
    private let sink: @Sendable (OutputStream, [UInt8]) -> Void

    init(redactor: any Redactor, _ sink: @escaping @Sendable (OutputStream, [UInt8]) -> Void) {
        streams = Mutex(Streams(output: redactor.stream(from: .output), error: redactor.stream(from: .output)))
        self.sink = sink
    }

    @Sendable func feed(_ stream: OutputStream, _ chunk: [UInt8]) {
        let safe = streams.withLock { streams in
            switch stream {
            case .standardOutput: streams.output.feed(chunk)
            case .standardError: streams.error.feed(chunk)
            }
        }
        if !safe.isEmpty { sink(stream, safe) }
    }

    func finish() {
        let (output, error) = streams.withLock { ($0.output.finish(), $0.error.finish()) }
        if !output.isEmpty { sink(.standardOutput, output) }
        if !error.isEmpty { sink(.standardError, error) }
    }
}
