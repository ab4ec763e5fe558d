// SPDX-License-Identifier: Apache-2.0

/// A reading of both clocks of a machine.
public struct Moment: Hashable, Sendable {
    /// Wall time. Someone may set it back.
    public let wall: Timestamp
    /// Milliseconds since the machine started, sleep included. Nobody can set it back, but it begins anew with each
    /// boot.
    public let sinceBoot: Int64
    /// Tells one boot from another; readings of different boots can't be compared.
    public let boot: String

    /// Makes a reading.
    public init(wall: Timestamp, sinceBoot: Int64, boot: String) {
        self.wall = wall
        self.sinceBoot = sinceBoot
        self.boot = boot
    }

    /// The time from `earlier` to this moment as either clock tells it: the shorter one and the longer one, in
    /// milliseconds.
    ///
    /// Who demands that time has passed believes the shorter, who demands that not too much has passed the longer one,
    /// so that setting the wall clock never helps within one boot. Across boots only the wall clock is left.
    package func elapsed(since earlier: Moment) -> (least: Int64, most: Int64) {
        let byWall = wall.milliseconds - earlier.wall.milliseconds
        guard boot == earlier.boot else { return (byWall, byWall) }
        let byBoot = sinceBoot - earlier.sinceBoot
        return (min(byWall, byBoot), max(byWall, byBoot))
    }
}

/// Where durable state takes its time from; passed in, so that tests own it.
public struct StateClock: Sendable {
    private let read: @Sendable () -> Moment

    /// Makes a clock from a way to read one.
    public init(_ read: @escaping @Sendable () -> Moment) { self.read = read }

    /// Reads both clocks.
    public func now() -> Moment { read() }
}
