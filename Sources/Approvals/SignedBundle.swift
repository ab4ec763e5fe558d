// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// Exact bytes with their signatures, as a file: DSSE's envelope with each signature's format beside it.
public struct SignedBundle: Hashable, Sendable {
    /// What the signatures are for.
    public let purpose: SigningPurpose
    /// The bytes as they were signed.
    public let payload: [UInt8]
    /// The signatures.
    public let signatures: [PayloadSignature]

    static let limitBytes = 2 << 20

    /// Makes a bundle.
    public init(purpose: SigningPurpose, payload: [UInt8], signatures: [PayloadSignature]) {
        self.purpose = purpose
        self.payload = payload
        self.signatures = signatures
    }

    /// Reads a file.
    ///
    /// - Throws: `ApprovalError` with `approval.bundle`.
    public init(_ bytes: [UInt8]) throws(ApprovalError) {
        guard
            let json = try? JSONValue.parse(bytes, limits: JSONLimits(maximumBytes: Self.limitBytes, maximumDepth: 8)),
            let payload = json["payload"]?.stringValue.flatMap({ Base64.decode($0) }),
            let purpose = [SigningPurpose.approval, .recoveryPoint].first(where: {
                .string($0.payloadType) == json["payloadType"]
            }),
            let list = json["signatures"]?.arrayValue, list.count <= 100
        else { throw Self.malformed }
        var signatures: [PayloadSignature] = []
        for item in list {
            guard let text = item["sig"]?.stringValue, let signature = Base64.decode(text) else { throw Self.malformed }
            switch item["format"]?.stringValue ?? "dsse" {
            case "sshsig": signatures.append(try PayloadSignature(armored: String(decoding: signature, as: UTF8.self)))
            case "dsse":
                guard let fingerprint = item["keyid"]?.stringValue else { throw Self.malformed }
                signatures.append(PayloadSignature(format: .dsse, fingerprint: fingerprint, bytes: signature))
            default: throw Self.malformed
            }
        }
        self.init(purpose: purpose, payload: payload, signatures: signatures)
    }

    /// The file: JSON in one line.
    public var bytes: [UInt8] {
        let list = signatures.map { signature -> JSONValue in
            [
                "keyid": .string(signature.fingerprint), "sig": .string(Base64.encode(signature.bytes)),
                "format": .string(signature.format.rawValue),
            ]
        }
        let json: JSONValue = [
            "payloadType": .string(purpose.payloadType), "payload": .string(Base64.encode(payload)),
            "signatures": .array(list),
        ]
        return json.serializedBytes() + [0x0A]
    }

    /// Verifies every signature, without a store and without a network.
    ///
    /// - Returns: The principals, one list per signature.
    /// - Throws: `ApprovalError` at the first signature that doesn't verify, and for a bundle without any.
    public func verify(signers: AllowedSigners, at time: Timestamp) throws(ApprovalError) -> [[String]] {
        guard !signatures.isEmpty else {
            throw ApprovalError("approval.threshold", "the bundle holds no signature; nobody approved it")
        }
        var all: [[String]] = []
        for signature in signatures {
            all.append(try signature.verify(payload, for: purpose, signers: signers, at: time))
        }
        return all
    }

    private static let malformed = ApprovalError(
        "approval.bundle", "this is no bundle of signed bytes; export it again")
}
