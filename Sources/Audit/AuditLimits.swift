// SPDX-License-Identifier: Apache-2.0

/// How much one session, and how much a filling disk, may write.
public struct AuditLimits: Hashable, Sendable {
    /// Most entries of one session in a minute; beyond it the session floods and is to be ended. A build runs many
    /// programs.
    public var entriesPerMinute: Int
    /// Most different denials, failures and requests of one session in a minute; the same goes beyond it.
    public var denialsPerMinute: Int
    /// Below this many free bytes denials and requests are no longer recorded.
    public var reserveBytes: Int64
    /// Below this many free bytes nothing begins any more; outcomes, ends and revocations are still recorded.
    public var finalReserveBytes: Int64

    /// Makes limits; the defaults are 20 000 entries, 600 denials, 64 MiB and 16 MiB.
    public init(
        entriesPerMinute: Int = 20_000, denialsPerMinute: Int = 600, reserveBytes: Int64 = 64 << 20,
        finalReserveBytes: Int64 = 16 << 20
    ) {
        self.entriesPerMinute = max(1, entriesPerMinute)
        self.denialsPerMinute = max(1, denialsPerMinute)
        self.reserveBytes = reserveBytes
        self.finalReserveBytes = finalReserveBytes
    }
}
