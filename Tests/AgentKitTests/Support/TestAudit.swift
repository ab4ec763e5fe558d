// SPDX-License-Identifier: Apache-2.0

import AgentKit

/// An audit in memory that fails where a test wants it to.
final class TestAudit: AuditLog {
    let events: Events
    let records = Box<[AuditRecord]>([])
    /// The kinds that can't be written.
    let failing = Box<Set<AuditRecord.Kind>>([])
    /// Called before a record is written.
    let before = Box<@Sendable (AuditRecord) -> Void>({ _ in })

    init(events: Events) { self.events = events }

    @discardableResult
    func append(_ record: AuditRecord) async throws(StateError) -> AuditReceipt {
        before.value(record)
        guard !failing.value.contains(record.kind) else {
            throw StateError(.full, "the log is full (\(TestRedactor.secret))")
        }
        events.note("audit.\(record.kind.rawValue)")
        let count = records.update { records in
            records.append(record)
            return records.count
        }
        return AuditReceipt(sequence: Int64(count), head: .filled(with: UInt8(truncatingIfNeeded: count)))
    }

    var kinds: [AuditRecord.Kind] { records.value.map(\.kind) }

    /// Everything that was written, as text.
    var text: String { records.value.map { $0.body.serialized() }.joined(separator: "\n") }
}
