// SPDX-License-Identifier: Apache-2.0

/// When a failed request is made again, and after which wait.
public struct RetryPolicy: Sendable {
    /// Most requests for one turn, the first included.
    public var attempts: Int
    /// The wait before the second request; it doubles from there.
    public var base: Duration
    /// The longest wait. A provider that asks for a longer one gets no further request.
    public var longest: Duration
    /// Waits. Throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// A number from 0 up to 1, by which waits are spread.
    public var random: @Sendable () -> Double

    /// Makes a policy.
    public init(
        attempts: Int = 4, base: Duration = .seconds(1), longest: Duration = .seconds(60),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.attempts = attempts
        self.base = base
        self.longest = longest
        self.sleep = sleep
        self.random = random
    }

    /// One request, no second.
    public static let never = RetryPolicy(attempts: 1)

    /// The wait after a failure; nil when it is final.
    ///
    /// - Parameter attempt: How many requests were made so far.
    package func wait(after error: ModelError, attempt: Int) -> Duration? {
        guard error.isTransient, attempt < attempts else { return nil }
        if let asked = error.retryAfter { return asked <= longest ? asked : nil }
        let doubled = base * Double(1 << min(max(attempt - 1, 0), 16))
        return min(doubled, longest) * (0.5 + random() / 2)
    }
}
