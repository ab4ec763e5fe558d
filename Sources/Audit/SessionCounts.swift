// SPDX-License-Identifier: Apache-2.0
internal import AgentCore

/// What sessions wrote lately: finds floods, and counts equal denials. Memory is bounded per session.
struct SessionCounts {
    struct Repeat: Hashable {
        var first: AuditReceipt
        var times: Int64
        var recorded: Int64
    }

    /// Counts in a sliding minute: exact enough, and constant in size.
    private struct Rate {
        var window: Int64 = 0
        var previous = 0
        var current = 0

        mutating func count(at milliseconds: Int64, limit: Int) -> Bool {
            let now = milliseconds / 60_000
            if now != window {
                previous = now == window + 1 ? current : 0
                current = 0
                window = now
            }
            current += 1
            let share = Int64(previous) * (60_000 - milliseconds % 60_000) / 60_000
            return Int64(current) + share <= Int64(limit)
        }
    }

    private struct Session {
        var entries = Rate()
        var refusals = Rate()
        var isFlooding = false
        var denials: [[UInt8]: Repeat] = [:]
    }

    static let denialLimit = 256
    private var sessions: [String: Session] = [:]

    /// Counts one entry; `false` where the session floods, from then on for good.
    mutating func admit(_ record: AuditRecord, at now: Moment, _ limits: AuditLimits) -> Bool {
        var state = sessions[record.session] ?? Session()
        defer { sessions[record.session] = state }
        if state.isFlooding { return false }
        if !state.entries.count(at: now.sinceBoot, limit: limits.entriesPerMinute) { state.isFlooding = true }
        switch record.kind {
        case .denial, .failure, .approvalRequested:
            if !state.refusals.count(at: now.sinceBoot, limit: limits.denialsPerMinute) { state.isFlooding = true }
        default: break
        }
        return !state.isFlooding
    }

    /// Counts a denial that was recorded before; gives it back, and whether its count is due to be written down.
    mutating func repeated(_ session: String, _ body: [UInt8]) -> (denial: Repeat, isDue: Bool)? {
        guard var denial = sessions[session]?.denials[body] else { return nil }
        denial.times += 1
        let isDue = denial.times >= denial.recorded * 10
        if isDue { denial.recorded = denial.times }
        sessions[session]?.denials[body] = denial
        return (denial, isDue)
    }

    /// Remembers a denial. Gives back counts that have to be written down because the session's table is full.
    mutating func remember(_ session: String, _ body: [UInt8], _ receipt: AuditReceipt) -> [Repeat] {
        var unwritten: [Repeat] = []
        if sessions[session]?.denials.count ?? 0 >= Self.denialLimit {
            unwritten = unrecorded(session)
            sessions[session]?.denials = [:]
        }
        sessions[session, default: Session()].denials[body] = Repeat(first: receipt, times: 1, recorded: 1)
        return unwritten
    }

    /// Forgets a session; gives back counts that were not written down.
    mutating func end(_ session: String) -> [Repeat] {
        let rest = unrecorded(session)
        sessions[session] = nil
        return rest
    }

    private func unrecorded(_ session: String) -> [Repeat] {
        (sessions[session]?.denials.values.filter { $0.times > $0.recorded } ?? [])
            .sorted { $0.first.sequence < $1.first.sequence }
    }
}
