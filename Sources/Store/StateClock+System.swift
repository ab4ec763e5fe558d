// SPDX-License-Identifier: Apache-2.0
public import AgentCore

extension StateClock {
    /// The machine's clocks: wall time, and the time since boot with sleep counted.
    ///
    /// - SeeAlso: clock_gettime(2), `CLOCK_BOOTTIME`; `/proc/sys/kernel/random/boot_id` tells boots apart.
    public static let system: StateClock = {
        let boot = SystemCalls.bootIdentifier()
        return StateClock {
            Moment(
                wall: Timestamp(milliseconds: SystemCalls.milliseconds(of: SystemCalls.wallClock) ?? 0),
                sinceBoot: SystemCalls.milliseconds(of: SystemCalls.bootClock) ?? 0, boot: boot)
        }
    }()
}
