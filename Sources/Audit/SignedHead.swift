// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// How far a log went at some time, signed, and kept away from the log itself.
public struct SignedHead: Hashable, Sendable {
    /// The last entry's place; 0 for an empty log.
    public let sequence: Int64
    /// The last entry's hash; zero bytes for an empty log.
    public let hash: Digest
    /// When it was signed.
    public let time: Timestamp
    /// Ed25519 over the statement.
    public let signature: [UInt8]

    /// The last head that was forced to the disk.
    static let fileName = "audit-head"
    /// The last head, which a crash of the machine may take away or leave half written.
    static let latestFileName = "audit-head-latest"
    static let limitBytes = 4096
    private static let domain = Array("agentkit-audit-head-v1\0".utf8)

    init(sequence: Int64, hash: Digest, time: Timestamp, key: AuditKey) throws(StateError) {
        self.sequence = sequence
        self.hash = hash
        self.time = time
        signature = try key.sign(Self.message(sequence, hash, time))
    }

    /// Reads the file's bytes; `nil` for anything that isn't a head. Says nothing about the signature.
    public init?(_ bytes: [UInt8]) {
        guard
            let value = try? JSONValue.parse(bytes, limits: JSONLimits(maximumBytes: Self.limitBytes, maximumDepth: 4)),
            value["kind"]?.stringValue == "agentkit.audit-head", value["version"]?.integerValue == 1,
            let sequence = value["sequence"]?.integerValue, sequence >= 0,
            let hash = value["hash"]?.stringValue.flatMap(HexEncoding.decode).flatMap({ Digest($0) }),
            let time = value["time"]?.stringValue.flatMap({ Timestamp($0) }),
            let signature = value["signature"]?.stringValue.flatMap({ Base64.decode($0) })
        else { return nil }
        self.sequence = sequence
        self.hash = hash
        self.time = time
        self.signature = signature
    }

    /// The furthest head that a journal left in `files`; `nil` where there is none or `key` didn't sign it.
    ///
    /// - Throws: `StateError` where the files can't be read.
    public static func latest(
        in files: any PrivateFiles, signedBy key: AuditPublicKey
    ) async throws(StateError) -> SignedHead? {
        guard let head = try await read(from: files, key: key), head.isSigned(by: key) else { return nil }
        return head
    }

    /// The furthest head that `key` signed.
    ///
    /// The durable file must be there and good. The other one only helps where it is good, so that a crash is never
    /// taken for tampering.
    static func read(from files: any PrivateFiles, key: AuditPublicKey) async throws(StateError) -> SignedHead? {
        guard let bytes = try await files.read(fileName, limitBytes: limitBytes), let durable = SignedHead(bytes) else {
            return nil
        }
        guard durable.isSigned(by: key), let more = try await files.read(latestFileName, limitBytes: limitBytes),
            let latest = SignedHead(more), latest.isSigned(by: key), latest.sequence > durable.sequence
        else { return durable }
        return latest
    }

    /// The file's bytes: one line of JSON.
    public var bytes: [UInt8] {
        Self.statement(sequence, hash, time, signature: signature).serializedBytes() + [0x0A]
    }

    /// Whether `key` signed it.
    public func isSigned(by key: AuditPublicKey) -> Bool {
        guard let message = try? Self.message(sequence, hash, time) else { return false }
        return key.verifies(signature, over: message)
    }

    private static func message(_ sequence: Int64, _ hash: Digest, _ time: Timestamp) throws(StateError) -> [UInt8] {
        do throws(JSONError) {
            return domain + (try statement(sequence, hash, time, signature: nil).canonical())
        } catch {
            throw StateError(.invalid, "the audit's head has no canonical form: \(error.reason)")
        }
    }

    private static func statement(_ sequence: Int64, _ hash: Digest, _ time: Timestamp, signature: [UInt8]?)
        -> JSONValue
    {
        var object: JSONObject = [
            "kind": "agentkit.audit-head", "version": 1, "sequence": .integer(sequence),
            "hash": .string(HexEncoding.encode(hash.bytes)), "time": .string(time.description),
        ]
        if let signature { object["signature"] = .string(Base64.encode(signature)) }
        return .object(object)
    }
}
