// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The machine's wall clock.
public enum WallClock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// - SeeAlso: clock_gettime(2), `CLOCK_REALTIME`.
    public static func milliseconds() -> Int64 {
        var time = timespec()
        // SAFETY: the pointer is to a local variable of the right type and used only during the call.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
