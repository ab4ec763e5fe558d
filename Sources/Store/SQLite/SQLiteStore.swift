// SPDX-License-Identifier: Apache-2.0
#if SQLite
public import AgentCore
internal import GRDB

/// Keeps state in one SQLite file that several processes of one machine may use at once.
///
/// Write-ahead log with full synchronisation: what a method returned from is on stable storage. Every change is one
/// `BEGIN IMMEDIATE` transaction, so changes of all processes happen one after the other. It doesn't work on network
/// file systems, because their locks aren't reliable.
public final class SQLiteStore: StateStorage {
    /// How much a commit waits for.
    public enum Synchronisation: Sendable {
        /// Until the disk has it.
        case full
        /// Not at all: a crash of the machine loses or damages data. Only for tests that count rounds.
        case uncheckedOff
    }

    let database: DatabaseQueue
    private let folder: PrivateDirectory

    /// Opens the database of a state folder, and makes it where it is missing.
    ///
    /// - Parameters:
    ///   - path: The folder; made with mode 0700 where it is missing. One that others may use is refused.
    ///   - busyTimeout: How long a call waits for other processes before it fails.
    ///   - synchronisation: `.full` outside of tests.
    /// - Throws: `StateError`; `.invalid` for a folder or file that isn't private, `.corrupt` for a file that isn't
    ///   such a database, `.unavailable` where it can't be opened or was written by a newer version.
    public init(
        directory path: String, busyTimeout: Duration = .seconds(5), synchronisation: Synchronisation = .full
    ) throws(StateError) {
        folder = try PrivateDirectory(path)
        try folder.prepareFile(Self.fileName)
        var configuration = Configuration()
        configuration.label = "agentkit.state"
        configuration.busyMode = .timeout(Double(busyTimeout.wholeMilliseconds) / 1000)
        configuration.foreignKeysEnabled = true
        database = try SQLiteErrors.mapped("opening the state") {
            let database = try DatabaseQueue(path: path + "/" + Self.fileName, configuration: configuration)
            try database.inDatabase { db in try Self.configure(db, synchronisation) }
            return database
        }
        try SQLiteErrors.mapped("preparing the state") {
            try database.inTransaction(.immediate) { db in
                try SQLiteSchema.migrate(db)
                return .commit
            }
        }
    }

    /// The file's name inside the folder.
    static let fileName = "state.sqlite"

    /// Always `true`.
    public var isDurable: Bool { true }

    /// Bytes that may still be written to the state's disk, `nil` where the kernel doesn't tell. For the audit's
    /// reserve.
    public func freeBytes() -> Int64? { folder.freeBytes() }

    private static func configure(_ db: Database, _ synchronisation: Synchronisation) throws {
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw StateError(.unavailable, "the state's file system has no write-ahead log; use a local disk")
        }
        try db.execute(sql: synchronisation == .full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF")
        let expected = synchronisation == .full ? 2 : 0
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == expected else {
            throw StateError(.unavailable, "the state can't be synchronised with the disk; nothing is written")
        }
        try db.execute(sql: "PRAGMA trusted_schema = OFF")
    }

    /// Runs one transaction to its end, also where the task is cancelled meanwhile: an outcome must be recorded then
    /// too.
    func write<Result: Sendable>(
        _ stage: String, _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StateError) -> Result {
        let result: Swift.Result<Result, StateError> = await withCheckedContinuation { continuation in
            database.asyncWriteWithoutTransaction { db in
                do throws(StateError) {
                    let value = try SQLiteErrors.mapped(stage) {
                        var value: Result?
                        try db.inTransaction(.immediate) {
                            value = try body(db)
                            return .commit
                        }
                        return value
                    }
                    guard let value else { throw StateError(.unavailable, "\(stage) gave no result; try again") }
                    continuation.resume(returning: .success(value))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Reads in one transaction.
    func read<Result: Sendable>(
        _ stage: String, _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StateError) -> Result {
        let result: Swift.Result<Result, StateError> = await withCheckedContinuation { continuation in
            database.asyncRead { opened in
                do throws(StateError) {
                    continuation.resume(returning: .success(try SQLiteErrors.mapped(stage) { try body(opened.get()) }))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
#endif
