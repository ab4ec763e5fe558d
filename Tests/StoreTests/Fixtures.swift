// SPDX-License-Identifier: Apache-2.0
import AgentCore
import AgentStore
import Foundation

/// A folder that is gone afterwards.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/agentkit-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

func setPermissions(_ mode: Int, _ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
}

func permissions(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
}

/// Rows without meaning, for a storage that doesn't ask for any.
enum Rows {
    static let boot = "boot"

    static func digest(_ number: Int) -> Digest {
        Digest((0..<32).map { UInt8(truncatingIfNeeded: $0 < 8 ? number >> ($0 * 8) : 0) }) ?? .zero
    }

    static func moment(_ milliseconds: Int64 = 0) -> Moment {
        Moment(
            wall: Timestamp(milliseconds: 1_777_110_060_000 + milliseconds), sinceBoot: 1000 + milliseconds, boot: boot)
    }

    /// A draft whose seal only mixes its inputs; storage doesn't care.
    static func draft(_ kind: String = "intent") -> EntryDraft {
        EntryDraft(kind: kind, session: "s", time: moment().wall, payload: Array("{}".utf8)) { previous, sequence, _ in
            EntryDraft.Seal(hash: Rows.digest(Int(sequence)), signature: [previous.bytes[0]])
        }
    }

    static func approval(
        _ number: Int, session: String = "s", act: Int? = nil, state: ApprovalTicket.State = .pending
    ) -> StoredApproval {
        StoredApproval(
            id: "a\(number)", session: session, descriptor: [1, 2, 3], digest: digest(number),
            act: digest(act ?? number),
            state: state, requestedAt: moment(), pendingMilliseconds: 1000)
    }

    static func signature(_ number: Int, key: String = "k", at moment: Moment = moment(1)) -> StoredSignature {
        StoredSignature(
            approval: "a\(number)", principal: "alice", fingerprint: key, format: "dsse", bytes: [9], receivedAt: moment
        )
    }
}
