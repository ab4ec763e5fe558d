// SPDX-License-Identifier: Apache-2.0
public import AgentCore
internal import Synchronization

/// The audit log: entries chained by hash and signed in a store, the signed head in a file elsewhere.
///
/// What it withstands, where `files` lies outside of the database's reach:
/// - Who writes the database but doesn't have the log's key can't change, drop, reorder, insert or append entries, nor
///   cut or restore it, without `AuditVerifier` noticing, up to the last signed head. The head follows each entry in
///   `audit-head-latest`; in `audit-head`, which is forced to the disk, it follows spent and answered approvals and
///   every 64th entry. After a crash of the machine, or where somebody removed the first file, the head lags, and
///   cutting entries behind a head that lags isn't noticed. A crash is never reported as tampering.
/// - Who has database, head and key can rewrite everything. So can a restore of all three. Only a witness, a copy of
///   the head kept by someone else, shows that.
public final class AuditJournal: AuditLog, AuditSealing {
    private let storage: any AuditStorage
    private let files: any PrivateFiles
    private let clock: StateClock
    private let limits: AuditLimits
    private let freeBytes: @Sendable () -> Int64?
    private let key: AuditKey
    private let counts = Mutex(SessionCounts())

    private static let durableHeadInterval: Int64 = 64

    /// Opens a log, and begins a new one where there is neither entry nor key nor head.
    ///
    /// Entries that were appended after the head was signed are verified, then the head is signed anew.
    ///
    /// - Parameters:
    ///   - storage: Keeps the entries.
    ///   - files: Keeps the key and the head; a folder other than the database's.
    ///   - clock: The time of entries.
    ///   - freeBytes: Room on the store's disk, `nil` where unknown, which counts as enough.
    /// - Throws: `StateError`; `.corrupt` where log and head don't fit together. `AuditVerifier` then tells where.
    public init(
        storage: any AuditStorage, files: any PrivateFiles, clock: StateClock, limits: AuditLimits = AuditLimits(),
        freeBytes: @escaping @Sendable () -> Int64? = { nil }
    ) async throws(StateError) {
        self.storage = storage
        self.files = files
        self.clock = clock
        self.limits = limits
        self.freeBytes = freeBytes
        key = try await Self.openKey(storage, files, clock)
        try await checkTail()
    }

    /// The key that verifies this log.
    public var publicKey: AuditPublicKey { key.publicKey }

    /// Appends a record, durable on return.
    ///
    /// A denial that equals an earlier one of its session is counted instead: the count is written at 10, 100, 1000 …
    /// and when the session closes. A crash loses what was counted since.
    ///
    /// - Throws: `StateError`; `.flood` where the session writes too much and is to be ended, `.full` where the disk is
    ///   nearly full.
    @discardableResult
    public func append(_ record: AuditRecord) async throws(StateError) -> AuditReceipt {
        if record.kind == .denial, let receipt = try await countRepeat(record) { return receipt }
        if record.kind == .sessionClosed {
            await writeCounts(counts.withLock { $0.end(record.session) }, record.session)
        }
        let receipt = try await storage.append(try draft(record))
        if record.kind == .denial {
            let body = EntryFormat.fingerprint(record.body)
            await writeCounts(counts.withLock { $0.remember(record.session, body, receipt) }, record.session)
        }
        try await signHead(receipt, durable: receipt.sequence % Self.durableHeadInterval == 0)
        return receipt
    }

    /// Turns a record into a draft for a transaction of another part.
    public func draft(_ record: AuditRecord) throws(StateError) -> EntryDraft {
        let now = clock.now()
        try checkRoom(record.kind)
        if !Self.closes(record.kind) {
            let isAdmitted = counts.withLock { $0.admit(record, at: now, limits) }
            guard isAdmitted else {
                throw StateError(.flood, "the session writes more audit entries than it may; it is to be ended")
            }
        }
        let payload = try EntryFormat.payload(record, at: now.wall)
        return EntryDraft(
            kind: record.kind.rawValue, session: record.session, time: now.wall, payload: payload
        ) { [key] previous, sequence, payload throws(StateError) in
            let hash = try EntryFormat.hash(previous: previous, sequence: sequence, payload: payload)
            return EntryDraft.Seal(hash: hash, signature: try key.sign(EntryFormat.sealed(hash)))
        }
    }

    /// Signs the head after an entry that another part appended; the head is on stable storage on return.
    public func committed(_ receipt: AuditReceipt) async throws(StateError) {
        try await signHead(receipt, durable: true)
    }

    // MARK: Head

    private func signHead(_ receipt: AuditReceipt, durable: Bool) async throws(StateError) {
        let head = try SignedHead(sequence: receipt.sequence, hash: receipt.head, time: clock.now().wall, key: key)
        let name = durable ? SignedHead.fileName : SignedHead.latestFileName
        try await files.update(name, limitBytes: SignedHead.limitBytes, durable: durable) {
            [key] current throws(StateError) in
            guard let current, let old = SignedHead(current), old.isSigned(by: key.publicKey) else {
                // A crash may have left nothing of the file that isn't forced to the disk, but never of the other one.
                if durable { throw Self.headDamaged }
                return head.bytes
            }
            guard old.sequence != head.sequence || old.hash == head.hash else { throw Self.headElsewhere }
            // Another process may have come further meanwhile.
            return old.sequence < head.sequence ? head.bytes : nil
        }
    }

    /// Signs how far the log goes now, for a witness to keep.
    ///
    /// - Throws: `StateError` where the log can't be read.
    public func head() async throws(StateError) -> SignedHead {
        let last = try await storage.lastEntry()
        return try SignedHead(
            sequence: last?.sequence ?? 0, hash: last?.hash ?? .zero, time: clock.now().wall, key: key)
    }

    private static let headElsewhere = StateError(
        .corrupt,
        "the audit's signed head names another entry at this place: an older state was restored; verify the audit")

    private static let headDamaged = StateError(
        .corrupt, "the audit's signed head is missing or not signed by the log's key; verify the audit before going on")

    private static func openKey(
        _ storage: any AuditStorage, _ files: any PrivateFiles, _ clock: StateClock
    ) async throws(StateError) -> AuditKey {
        let isEmpty = try await storage.lastEntry() == nil
        if let key = try await AuditKey.read(from: files) {
            if isEmpty { try await makeHead(files, key, clock) }
            return key
        }
        guard isEmpty, try await files.read(SignedHead.fileName, limitBytes: SignedHead.limitBytes) == nil else {
            throw StateError(.corrupt, "the audit's key is missing though there is a log; restore the key's file")
        }
        let key = try await AuditKey.make(in: files)
        try await makeHead(files, key, clock)
        return key
    }

    private static func makeHead(_ files: any PrivateFiles, _ key: AuditKey, _ clock: StateClock)
        async throws(StateError)
    {
        let head = try SignedHead(sequence: 0, hash: .zero, time: clock.now().wall, key: key)
        try await files.update(SignedHead.fileName, limitBytes: SignedHead.limitBytes, durable: true) { current in
            current == nil ? head.bytes : nil
        }
    }

    private func checkTail() async throws(StateError) {
        guard let head = try await SignedHead.read(from: files, key: publicKey), head.isSigned(by: publicKey) else {
            throw Self.headDamaged
        }
        let report = try await AuditVerifier(key: publicKey).verify(
            storage, head: head, witnesses: [], from: max(1, head.sequence))
        if let finding = report.finding { throw StateError(.corrupt, finding.message) }
        if report.last > head.sequence {
            try await signHead(AuditReceipt(sequence: report.last, head: report.head), durable: true)
        }
    }

    // MARK: Limits

    /// Records that end something or tell what happened: never held back by a flood.
    private static func closes(_ kind: AuditRecord.Kind) -> Bool {
        switch kind {
        case .outcome, .sessionClosed, .revocation, .approvalAnswered: true
        case .sessionOpened, .intent, .denial, .approvalRequested, .grant, .commit, .undo, .failure: false
        }
    }

    private func checkRoom(_ kind: AuditRecord.Kind) throws(StateError) {
        guard !Self.closes(kind), let free = freeBytes() else { return }
        let isLight = kind == .denial || kind == .approvalRequested
        guard free >= (isLight ? limits.reserveBytes : limits.finalReserveBytes) else {
            throw StateError(.full, "the audit's disk is nearly full; free some room, nothing new begins before")
        }
    }

    private func countRepeat(_ record: AuditRecord) async throws(StateError) -> AuditReceipt? {
        let body = EntryFormat.fingerprint(record.body)
        guard let (denial, isDue) = counts.withLock({ $0.repeated(record.session, body) }) else { return nil }
        if isDue { await writeCounts([denial], record.session) }
        return denial.first
    }

    /// A count that can't be written is no reason to fail: what it counts was denied and had no effect.
    private func writeCounts(_ repeats: [SessionCounts.Repeat], _ session: String) async {
        for denial in repeats {
            let body: JSONValue = ["repeats": .integer(denial.first.sequence), "times": .integer(denial.times)]
            do throws(StateError) {
                let receipt = try await storage.append(try draft(AuditRecord(.denial, session: session, body: body)))
                try await signHead(receipt, durable: false)
            } catch { return }
        }
    }
}
