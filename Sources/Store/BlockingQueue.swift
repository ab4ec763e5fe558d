// SPDX-License-Identifier: Apache-2.0
internal import AgentCore
internal import Dispatch

/// Runs calls that block on threads of their own, so that they don't hold up the cooperative pool.
struct BlockingQueue: Sendable {
    private let queue: DispatchQueue

    init(_ label: String) { queue = DispatchQueue(label: label) }

    /// Runs `body` to its end, also where the task is cancelled meanwhile.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws(StateError) -> Result
    ) async throws(StateError) -> Result {
        let result: Swift.Result<Result, StateError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(StateError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
