// SPDX-License-Identifier: Apache-2.0
import AgentCore
import Testing

@Suite("Times are written in UTC")
struct TimestampTests {
    @Test(
        "A time is read back as it was written",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_777_110_060_123, "2026-04-25T09:41:00.123Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ])
    func roundTrips(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test("Every day of four centuries follows the one before it")
    func walksDays() {
        for day in stride(from: Int64(0), to: 146_097, by: 1) {
            let time = Timestamp(milliseconds: day * 86_400_000)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test(
        "What isn't a time in UTC is refused",
        arguments: [
            "", "2026-04-25", "2026-04-25T09:41:00", "2026-04-25T09:41:00+00:00", "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-04-25T24:00:00Z", "2026-04-25T09:60:00Z",
            "1969-12-31T23:59:59Z",
            "2026-04-25t09:41:00Z", "2026-04-25T09:41:00.1Z", "２026-04-25T09:41:00Z",
        ])
    func refuses(_ text: String) { #expect(Timestamp(text) == nil) }
}
