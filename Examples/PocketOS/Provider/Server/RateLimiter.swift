// SPDX-License-Identifier: Apache-2.0

/// Counts requests in windows of one minute.
package actor RateLimiter {
    private let perMinute: Int
    private var window = 0
    private var count = 0

    package init(perMinute: Int) { self.perMinute = perMinute }

    /// Counts a request.
    ///
    /// - Returns: Seconds to wait; nil when the request may go on.
    package func admit(at time: Int) -> Int? {
        if time / 60 != window {
            window = time / 60
            count = 0
        }
        count += 1
        return count > perMinute ? 60 - time % 60 : nil
    }
}
