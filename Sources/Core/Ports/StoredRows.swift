// SPDX-License-Identifier: Apache-2.0

/// A request for approval as it is stored.
public struct StoredApproval: Hashable, Sendable {
    /// The id.
    public let id: String
    /// The session's id.
    public let session: String
    /// The canonical bytes of the descriptor, exactly as they are signed.
    public let descriptor: [UInt8]
    /// SHA-256 of `descriptor`.
    public let digest: Digest
    /// SHA-256 of the canonical act: the descriptor without nonce and times.
    public let act: Digest
    /// Where it stands.
    public var state: ApprovalTicket.State
    /// When it was filed.
    public let requestedAt: Moment
    /// How long the request may stay pending, in milliseconds.
    public let pendingMilliseconds: Int64
    /// When the last signature that was needed came in.
    public var approvedAt: Moment?
    /// When it left the state pending or approved for good.
    public var settledAt: Timestamp?
    /// Who refused or cancelled it, and the words given; escaped before they are shown.
    public var answer: String?

    /// Makes a row.
    public init(
        id: String, session: String, descriptor: [UInt8], digest: Digest, act: Digest, state: ApprovalTicket.State,
        requestedAt: Moment, pendingMilliseconds: Int64, approvedAt: Moment? = nil, settledAt: Timestamp? = nil,
        answer: String? = nil
    ) {
        self.id = id
        self.session = session
        self.descriptor = descriptor
        self.digest = digest
        self.act = act
        self.state = state
        self.requestedAt = requestedAt
        self.pendingMilliseconds = pendingMilliseconds
        self.approvedAt = approvedAt
        self.settledAt = settledAt
        self.answer = answer
    }

    /// Whether it is pending and its deadline is over by either clock.
    package func isOverdue(at now: Moment) -> Bool {
        state == .pending && now.elapsed(since: requestedAt).most >= pendingMilliseconds
    }
}

/// A signature as it came in.
public struct StoredSignature: Hashable, Sendable {
    /// The request's id.
    public let approval: String
    /// The principal that the allowed signers named for the key when it came in.
    public let principal: String
    /// The key's fingerprint, `SHA256:` and Base64.
    public let fingerprint: String
    /// `dsse` or `sshsig`.
    public let format: String
    /// The signature in its format's bytes.
    public let bytes: [UInt8]
    /// When it came in.
    public let receivedAt: Moment

    /// Makes a row.
    public init(
        approval: String, principal: String, fingerprint: String, format: String, bytes: [UInt8], receivedAt: Moment
    ) {
        self.approval = approval
        self.principal = principal
        self.fingerprint = fingerprint
        self.format = format
        self.bytes = bytes
        self.receivedAt = receivedAt
    }
}

/// An audit entry as it is stored. The columns beside `payload` only serve queries; a verifier compares them with it.
public struct StoredEntry: Hashable, Sendable {
    /// The place in the log, from 1.
    public let sequence: Int64
    /// The kind of record.
    public let kind: String
    /// The session's id.
    public let session: String
    /// When it was written.
    public let time: Timestamp
    /// Canonical JSON with everything that the entry says.
    public let payload: [UInt8]
    /// The hash of the entry before.
    public let previous: Digest
    /// The entry's hash.
    public let hash: Digest
    /// The log's signature over `hash`.
    public let signature: [UInt8]

    /// Makes a row.
    public init(
        sequence: Int64, kind: String, session: String, time: Timestamp, payload: [UInt8], previous: Digest,
        hash: Digest,
        signature: [UInt8]
    ) {
        self.sequence = sequence
        self.kind = kind
        self.session = session
        self.time = time
        self.payload = payload
        self.previous = previous
        self.hash = hash
        self.signature = signature
    }
}

/// An entry before it has a place in the log.
public struct EntryDraft: Sendable {
    /// What makes an entry part of the chain.
    public struct Seal: Hashable, Sendable {
        /// The entry's hash.
        public let hash: Digest
        /// The signature over `hash`.
        public let signature: [UInt8]

        /// Makes a seal.
        public init(hash: Digest, signature: [UInt8]) {
            self.hash = hash
            self.signature = signature
        }
    }

    /// The kind of record.
    public let kind: String
    /// The session's id.
    public let session: String
    /// When it was written.
    public let time: Timestamp
    /// Canonical JSON.
    public let payload: [UInt8]
    /// Chains the entry; called inside the transaction, once its place is known.
    public let seal: @Sendable (_ previous: Digest, _ sequence: Int64, _ payload: [UInt8]) throws(StateError) -> Seal

    /// Makes a draft.
    public init(
        kind: String, session: String, time: Timestamp, payload: [UInt8],
        seal: @escaping @Sendable (_ previous: Digest, _ sequence: Int64, _ payload: [UInt8]) throws(StateError) -> Seal
    ) {
        self.kind = kind
        self.session = session
        self.time = time
        self.payload = payload
        self.seal = seal
    }

    /// The row that follows `previous`; `nil` where this is the first one.
    package func entry(after previous: (sequence: Int64, hash: Digest)?) throws(StateError) -> StoredEntry {
        let sequence = (previous?.sequence ?? 0) + 1
        let head = previous?.hash ?? .zero
        let seal = try seal(head, sequence, payload)
        return StoredEntry(
            sequence: sequence, kind: kind, session: session, time: time, payload: payload, previous: head,
            hash: seal.hash,
            signature: seal.signature)
    }
}

/// A grant as it is stored.
public struct StoredGrant: Hashable, Sendable {
    /// The id.
    public let id: String
    /// The grant it was attenuated from.
    public let parent: String?
    /// The session's id.
    public let session: String
    /// Who it is about.
    public let principal: String
    /// What is granted, as JSON.
    public let body: [UInt8]
    /// When it ends by itself.
    public let expiresAt: Timestamp?
    /// When it was revoked.
    public var revokedAt: Timestamp?

    /// Makes a row.
    public init(
        id: String, parent: String? = nil, session: String, principal: String, body: [UInt8],
        expiresAt: Timestamp? = nil,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.parent = parent
        self.session = session
        self.principal = principal
        self.body = body
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }
}

/// A signed statement that a backup exists, as it came in.
public struct StoredAttestation: Hashable, Sendable {
    /// `provider:type:id` of the resource that it speaks of.
    public let resource: String
    /// The signed statement with its signatures.
    public let envelope: [UInt8]
    /// When it came in.
    public let receivedAt: Timestamp

    /// Makes a row.
    public init(resource: String, envelope: [UInt8], receivedAt: Timestamp) {
        self.resource = resource
        self.envelope = envelope
        self.receivedAt = receivedAt
    }
}

extension Digest {
    /// 32 zero bytes: what stands before the first entry of a log.
    package static let zero = Digest(zeroed: ())
}
