// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Puts a turn together from the events of one provider's stream.
package protocol TurnAssembler {
    /// Takes an event.
    ///
    /// - Throws: `ModelError` when the event is an error or makes no sense.
    mutating func receive(_ event: ServerSentEvent, onEvent: (ModelEvent) -> Void) throws(ModelError)
    /// Whether the stream said that it is complete.
    var isComplete: Bool { get }
    /// The turn, once the stream is complete.
    mutating func finish(onEvent: (ModelEvent) -> Void) throws(ModelError) -> Turn
}

/// Makes a request, again if need be, and reads its stream.
package struct StreamedTurn: Sendable {
    package let transport: any ModelTransport
    package let retry: RetryPolicy

    /// Most bytes of an error's body that are read.
    private static let errorLimitBytes = 64 << 10

    package init(transport: any ModelTransport, retry: RetryPolicy) {
        self.transport = transport
        self.retry = retry
    }

    /// Runs a request to its turn.
    ///
    /// - Parameter makeAssembler: Gives a fresh assembler for each attempt.
    package func run(
        _ request: ModelRequest, makeAssembler: () -> some TurnAssembler, onEvent: (ModelEvent) -> Void
    ) async throws(ModelError) -> Turn {
        var attempt = 0
        while true {
            attempt += 1
            var delivered = false
            do throws(ModelError) {
                return try await attemptOnce(request, makeAssembler()) { event in
                    delivered = true
                    onEvent(event)
                }
            } catch {
                guard !delivered, let wait = retry.wait(after: error, attempt: attempt) else { throw error }
                onEvent(.retrying(error, after: wait))
                try await pause(wait)
            }
        }
    }

    private func pause(_ wait: Duration) async throws(ModelError) {
        do {
            try await retry.sleep(wait)
        } catch {
            throw Self.cancelled
        }
    }

    private static let cancelled = ModelError(.cancelled, stage: .send, reason: "the request was cancelled")

    private func attemptOnce(
        _ request: ModelRequest, _ assembler: some TurnAssembler, onEvent: (ModelEvent) -> Void
    ) async throws(ModelError) -> Turn {
        guard !Task.isCancelled else { throw Self.cancelled }
        let response = try await transport.send(request)
        guard response.status == 200 else { throw try await failure(response, of: request) }
        var assembler = assembler
        var parser = ServerSentEventParser()
        do {
            for try await bytes in response.body {
                for event in try parser.push(bytes) { try assembler.receive(event, onEvent: onEvent) }
                if assembler.isComplete { break }
            }
        } catch let error as ModelError {
            throw error
        } catch {
            throw Task.isCancelled ? Self.cancelled : Self.interrupted
        }
        guard !Task.isCancelled else { throw Self.cancelled }
        return try assembler.finish(onEvent: onEvent)
    }

    /// The error for an answer that broke off.
    package static let interrupted = ModelError(
        .interrupted, stage: .stream, reason: "the answer broke off before its end; try again")

    private func failure(_ response: ModelResponse, of request: ModelRequest) async throws(ModelError) -> ModelError {
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body {
                bytes += piece
                if bytes.count > Self.errorLimitBytes { break }
            }
        } catch {
            bytes = []
        }
        let body = try? JSONValue.parse(bytes)
        let detail = body?["error"]?["message"]?.stringValue ?? body?["error"]?.stringValue
        return ResponseFailure(
            status: response.status, retryAfter: ResponseFailure.wait(in: response.headers), detail: detail,
            secret: try request.credential?.revealedValue()
        ).error
    }
}
