// SPDX-License-Identifier: Apache-2.0

/// How much one session, and how much a filling disk, may write.
public struct AuditLimits: Hashable, Sendable {
    /// Most entries of one session in a minute; beyond it the session floods and is to be ended.
    public var entriesPerMinute: Int
    /// Below this many free bytes denials and requests are no longer recorded.
    public var reserveBytes: Int64
    /// Below this many free bytes nothing begins any more; outcomes, ends and revocations are still recorded.
    public var finalReserveBytes: Int64

    /// Makes limits; the defaults are 600 entries, 64 MiB and 16 MiB.
    public init(entriesPerMinute: Int = 600, reserveBytes: Int64 = 64 << 20, finalReserveBytes: Int64 = 16 << 20) {
        self.entriesPerMinute = max(1, entriesPerMinute)
        self.reserveBytes = reserveBytes
        self.finalReserveBytes = finalReserveBytes
    }
}
