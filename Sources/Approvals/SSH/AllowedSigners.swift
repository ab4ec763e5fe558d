// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// Who may sign, in OpenSSH's own file format.
///
/// A line that can't be taken refuses the whole file: a signer who is missing by a typing error should be noticed
/// before the act.
///
/// - SeeAlso: ssh-keygen(1), "ALLOWED SIGNERS".
public struct AllowedSigners: Hashable, Sendable {
    /// One line of the file.
    public struct Signer: Hashable, Sendable {
        /// Who holds the key.
        public let principals: [String]
        /// The key.
        public let key: SSHPublicKey
        /// What the key may sign; `nil` is anything.
        public let namespaces: [String]?
        /// From when on the key counts.
        public let validAfter: Timestamp?
        /// Until when the key counts.
        public let validBefore: Timestamp?
    }

    /// All lines.
    public let signers: [Signer]
    /// Fingerprints of keys that were revoked.
    public let revoked: Set<String>

    /// Reads a file.
    ///
    /// Times without `Z` are local in OpenSSH; here they count in the zone that makes the key's validity shortest.
    ///
    /// - Parameter revokedKeys: Public keys, one per line, that count no more, whatever the file says.
    /// - Throws: `StateError` with `.invalid`, naming the line.
    public init(_ text: String, revokedKeys: String = "") throws(StateError) {
        var signers: [Signer] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fields = try Self.fields(line, index + 1)
            guard let first = fields.first, !first.hasPrefix("#") else { continue }
            signers.append(try Self.signer(fields, index + 1))
        }
        var revoked: Set<String> = []
        for (index, line) in revokedKeys.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            guard let key = try? SSHPublicKey(line: String(trimmed)) else {
                throw StateError(.invalid, "the revoked keys' line \(index + 1) is no public key; correct it")
            }
            revoked.insert(key.fingerprint)
        }
        self.signers = signers
        self.revoked = revoked
    }

    /// The principals that a key may sign for, for a purpose and at a time.
    ///
    /// - Throws: `ApprovalError` with `approval.signer-unknown` or `approval.signer-revoked`.
    func principals(
        fingerprint: String, for purpose: SigningPurpose, at time: Timestamp
    ) throws(ApprovalError) -> (key: SSHPublicKey, principals: [String]) {
        guard !revoked.contains(fingerprint) else {
            throw ApprovalError("approval.signer-revoked", "the signer's key was revoked; sign with another one")
        }
        var principals: [String] = []
        var key: SSHPublicKey?
        for signer in signers where signer.key.fingerprint == fingerprint {
            if let namespaces = signer.namespaces, !namespaces.contains(purpose.namespace) { continue }
            if let start = signer.validAfter, time < start { continue }
            if let end = signer.validBefore, end <= time { continue }
            key = signer.key
            principals += signer.principals.filter { !principals.contains($0) }
        }
        guard let key, !principals.isEmpty else {
            throw ApprovalError(
                "approval.signer-unknown",
                "the key isn't among the allowed signers for this purpose and time; add it to their file")
        }
        return (key, principals)
    }

    // MARK: Reading

    private static func invalid(_ line: Int, _ what: String) -> StateError {
        StateError(.invalid, "the allowed signers' line \(line) \(what)")
    }

    /// Splits at white space outside of quotes. Quotes stay.
    private static func fields(_ line: Substring, _ number: Int) throws(StateError) -> [String] {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted && (character == " " || character == "\t" || character == "\r") {
                if !field.isEmpty { fields.append(field) }
                field = ""
            } else {
                field.append(character)
            }
            if !isQuoted && fields.isEmpty && field.hasPrefix("#") { return ["#"] }
        }
        guard !isQuoted else { throw invalid(number, "has a quote that isn't closed") }
        if !field.isEmpty { fields.append(field) }
        return fields
    }

    private static func signer(_ fields: [String], _ line: Int) throws(StateError) -> Signer {
        let principals = try principals(fields[0], line)
        // Where the second field isn't a key type it holds options.
        let hasOptions = fields.count > 1 && !isKeyType(fields[1])
        let place = hasOptions ? 2 : 1
        guard fields.count >= place + 2 else { throw invalid(line, "has no key; write `principal type base64`") }
        let key: SSHPublicKey
        do throws(ApprovalError) {
            key = try SSHPublicKey(line: fields[place] + " " + fields[place + 1])
        } catch {
            throw invalid(line, "has a malformed key; copy it again")
        }
        let options = hasOptions ? try Options(fields[1], line) : Options()
        return Signer(
            principals: principals, key: key, namespaces: options.namespaces, validAfter: options.validAfter,
            validBefore: options.validBefore)
    }

    private static func isKeyType(_ field: String) -> Bool {
        ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"].contains { field.hasPrefix($0) }
    }

    private static func principals(_ field: String, _ line: Int) throws(StateError) -> [String] {
        let names = unquoted(field).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for name in names {
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw invalid(line, "has an empty or unprintable principal")
            }
            guard !name.contains(where: { $0 == "*" || $0 == "?" || $0 == "!" }) else {
                throw invalid(line, "has a pattern as principal; approvals count persons, so name each one")
            }
        }
        return names
    }

    private static func unquoted(_ text: String) -> String { text.filter { $0 != "\"" } }

    private struct Options {
        var namespaces: [String]?
        var validAfter: Timestamp?
        var validBefore: Timestamp?

        init() {}

        init(_ field: String, _ line: Int) throws(StateError) {
            for option in Self.split(field) {
                let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
                let name = parts[0].lowercased()
                let value = parts.count == 2 ? unquoted(parts[1]) : ""
                switch name {
                case "namespaces":
                    let names = value.split(separator: ",").map(String.init)
                    guard !names.contains(where: { $0.contains { $0 == "*" || $0 == "?" || $0 == "!" } }) else {
                        throw invalid(line, "has a pattern as namespace; name each one")
                    }
                    namespaces = (namespaces ?? []) + names
                case "valid-after": validAfter = try Self.time(value, line, isStart: true)
                case "valid-before": validBefore = try Self.time(value, line, isStart: false)
                case "cert-authority":
                    throw invalid(line, "names a certificate authority; approvals take plain keys only")
                default: throw invalid(line, "has an option that isn't known; remove it")
                }
            }
        }

        private static func split(_ field: String) -> [String] {
            var options: [String] = [""]
            var isQuoted = false
            for character in field {
                if character == "\"" { isQuoted.toggle() }
                if character == "," && !isQuoted {
                    options.append("")
                } else {
                    options[options.count - 1].append(character)
                }
            }
            return options.filter { !$0.isEmpty }
        }

        /// `YYYYMMDD[Z]` or `YYYYMMDDHHMM[SS][Z]`.
        private static func time(_ text: String, _ line: Int, isStart: Bool) throws(StateError) -> Timestamp {
            let isUniversal = text.hasSuffix("Z")
            let digits = Array(isUniversal ? text.dropLast().utf8 : text[...].utf8)
            guard [8, 12, 14].contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw invalid(line, "has a time that isn't YYYYMMDD[HHMM[SS]][Z]")
            }
            func part(_ range: Range<Int>) -> Int64 {
                range.upperBound > digits.count ? 0 : digits[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
            }
            guard
                let time = Timestamp(
                    year: part(0..<4), month: part(4..<6), day: part(6..<8), hour: part(8..<10), minute: part(10..<12),
                    second: part(12..<14))
            else { throw invalid(line, "has a time that doesn't exist") }
            if isUniversal { return time }
            // Local time runs from 12 hours behind UTC to 14 ahead of it.
            return time.advanced(by: isStart ? .seconds(12 * 3600) : .seconds(-14 * 3600))
        }
    }
}
