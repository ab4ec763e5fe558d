// SPDX-License-Identifier: Apache-2.0
#if SQLite
internal import AgentCore
internal import GRDB

/// Turns the database's errors into ours, without its statements, values or paths.
enum SQLiteErrors {
    static func mapped<Result>(_ stage: String, _ body: () throws -> Result) throws(StateError) -> Result {
        do {
            return try body()
        } catch let error as StateError {
            throw error
        } catch let error as DatabaseError {
            throw stateError(error, stage)
        } catch {
            throw StateError(.unavailable, "\(stage) failed; check the state folder")
        }
    }

    private static func stateError(_ error: DatabaseError, _ stage: String) -> StateError {
        let number = error.resultCode.rawValue
        return switch error.resultCode {
        case .SQLITE_FULL: StateError(.full, "\(stage) failed: no room is left on the state's disk; free some")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            StateError(
                .corrupt,
                "\(stage) failed: the file is damaged or no state of this program; restore it, then verify the audit")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            StateError(.unavailable, "\(stage) failed: another process holds the state for too long; try again")
        case .SQLITE_CONSTRAINT:
            StateError(.conflict, "\(stage) failed: the state holds such an entry already or lacks what it refers to")
        default: StateError(.unavailable, "\(stage) failed with code \(number); check the state folder")
        }
    }
}
#endif
