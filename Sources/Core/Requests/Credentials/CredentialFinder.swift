// SPDX-License-Identifier: Apache-2.0

/// Finds the credential fields of a request by their names and places.
///
/// It knows nothing of what secrets look like: whatever stands in a credential field is one, unless it is empty or a
/// granted placeholder. Credentials in free text are another module's work.
public struct CredentialFinder {
    /// What was found, in order.
    public private(set) var findings: [CredentialFinding] = []
    /// Whether everything was read; `false` when a string holds JSON beyond the limits of nesting.
    public private(set) var isComplete = true
    private let isPlaceholder: (String) -> Bool
    // Names that a service ignores; anything longer in front of the colon could be the credential itself.
    private static let longestPlainUser = 15
    // What stands for no password where the user name is the token.
    private static let emptyPasswords: Set<String> = ["x-oauth-basic", "x"]
    private static let schemes: Set<String> = [
        "bearer", "basic", "token", "digest", "negotiate", "apikey", "aws4-hmac-sha256",
    ]
    private static let emptyValues: Set<String> = ["", "null", "undefined"]

    /// Makes a finder.
    ///
    /// - Parameter isPlaceholder: Whether a value is a placeholder that was granted for this request.
    public init(isPlaceholder: @escaping (String) -> Bool) {
        self.isPlaceholder = isPlaceholder
    }

    /// Looks at the headers, cookies included.
    public mutating func scan(headers: [HTTPHeaderField]) {
        for (position, header) in headers.enumerated() {
            let name = header.name.lowercased()
            if name == "cookie" {
                scanCookies(header.value, position)
            } else if CredentialNames.isHeader(name) {
                scan(value: header.value, location: .header, name: header.name, index: position)
            }
        }
    }

    /// Looks at a URL's user name, password and parameters.
    public mutating func scan(url: CanonicalURL) {
        if let userinfo = url.userinfo {
            let password = userinfo.password ?? ""
            if !isHarmlessUser(userinfo.user, password: password) {
                add(.userinfo, "user", 0, nil, userinfo.user, 0, .plain)
            }
            add(.userinfo, "password", 0, nil, password, 0, .plain)
        }
        for (position, parameter) in url.parameters.enumerated() where CredentialNames.isParameter(parameter.name) {
            scan(value: parameter.value, location: .query, name: parameter.name, index: position)
        }
    }

    /// Looks at the fields of a form, and at JSON inside them.
    public mutating func scan(form: [FormField]) {
        for (position, field) in form.enumerated() {
            // Lossy on purpose: a field that is not text is a literal all the same.
            let text = String(decoding: field.value, as: UTF8.self)
            if CredentialNames.isParameter(field.name) {
                scan(value: text, location: .form, name: field.name, index: position)
            } else {
                scan(json: .string(text), location: .form, path: JSONPointer.appending(field.name, to: ""))
            }
        }
    }

    /// Looks at the members of a JSON value at any depth, strings that hold JSON included.
    public mutating func scan(json: JSONValue) { scan(json: json, location: .json, path: "") }

    /// Looks at the arguments of all fields of an operation.
    public mutating func scan(operation: GraphQLOperation) {
        for root in operation.rootFields {
            root.forEachField { path, field in
                for argument in field.arguments {
                    scan(
                        json: argument.value.json, location: .graphQLArgument, path: "\(path)/\(argument.name)",
                        name: argument.name)
                }
            }
        }
    }

    private mutating func scan(
        json: JSONValue, location: CredentialFinding.Location, path: String, name: String = "", level: Int = 0,
        wrapping: Int = 0
    ) {
        switch json {
        case .object(let members):
            // `{name: "API_TOKEN", value: "…"}` is how services set variables.
            let label = members.first { ["name", "key", "variable", "variableName"].contains($0.name) }?.value
                .stringValue
            for member in members {
                let named =
                    member.name == "value" && label.map { CredentialNames.isMember($0) } == true
                    ? label ?? "" : member.name
                let inner = JSONPointer.appending(member.name, to: path)
                scan(
                    json: member.value, location: location, path: inner, name: named, level: level + 1,
                    wrapping: wrapping)
            }
        case .array(let elements):
            for (position, element) in elements.enumerated() {
                let inner = "\(path)/\(position)"
                scan(json: element, location: location, path: inner, name: name, level: level + 1, wrapping: wrapping)
            }
        case .string(let text):
            if CredentialNames.isMember(name) { return scan(value: text, location: location, name: path, index: 0) }
            switch JSONValue.Embedded(text, level: level, wrapping: wrapping) {
            case .none: break
            case .unread: isComplete = false
            case .value(let inner):
                scan(json: inner, location: location, path: path, name: name, level: level, wrapping: wrapping + 1)
            }
        case .integer, .number:
            if CredentialNames.isMember(name) { add(location, path, 0, nil, json.serialized(), 0, .plain) }
        case .null, .bool: break
        }
    }

    /// Looks at one value that may have an authentication scheme in front.
    private mutating func scan(value: String, location: CredentialFinding.Location, name: String, index: Int) {
        let lead = value.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
        let trimmed = value.trimmingSpace()
        guard let space = trimmed.utf8.firstIndex(of: 0x20) else {
            let isSchemeOnly =
                name.lowercased().hasSuffix("authorization") && Self.schemes.contains(trimmed.lowercased())
            if !isSchemeOnly { add(location, name, index, nil, trimmed, lead, .plain) }
            return
        }
        let scheme = String(trimmed[..<space])
        let rest = String(trimmed[space...])
        let gap = rest.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
        let credential = rest.trimmingSpace()
        let offset = lead + scheme.utf8.count + gap
        guard isScheme(scheme, of: name) else { return add(location, name, index, nil, trimmed, lead, .plain) }
        if scheme.lowercased() == "basic", !isPlaceholder(credential),
            let pair = Base64.decode(credential, padding: .optional)
        {
            addBasic(pair, location, name, index, scheme, offset..<offset + credential.utf8.count)
        } else {
            add(location, name, index, scheme, credential, offset, .plain)
        }
    }

    /// Whether the first of two words is a scheme rather than a part of the credential.
    private func isScheme(_ word: String, of name: String) -> Bool {
        if Self.schemes.contains(word.lowercased()) { return true }
        let isPlain =
            word.utf8.count <= 20
            && word.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || $0 == UInt8(ascii: "-") }
        return isPlain && name.lowercased().hasSuffix("authorization")
    }

    private mutating func addBasic(
        _ pair: [UInt8], _ location: CredentialFinding.Location, _ name: String, _ index: Int, _ scheme: String,
        _ range: Range<Int>
    ) {
        let colon = pair.firstIndex(of: UInt8(ascii: ":")) ?? pair.endIndex
        let user = String(decoding: pair[..<colon], as: UTF8.self)
        let password = String(decoding: pair[colon...].dropFirst(), as: UTF8.self)
        func finding(_ value: String, _ encoding: CredentialFinding.Encoding) -> CredentialFinding {
            CredentialFinding(
                location: location, name: name, index: index, scheme: scheme, range: range, encoding: encoding,
                isPlaceholder: isPlaceholder(value))
        }
        if !isHarmlessUser(user, password: password) { findings.append(finding(user, .basicUser)) }
        if !password.isEmpty && !Self.emptyPasswords.contains(password) {
            findings.append(finding(password, .basicPassword))
        }
    }

    /// Whether a user name can't be the credential itself: some services take a token there and ignore the password.
    private func isHarmlessUser(_ user: String, password: String) -> Bool {
        if user.isEmpty { return true }
        if password.isEmpty || Self.emptyPasswords.contains(password) { return false }
        let isAddress = user.utf8.count <= 64 && user.utf8.filter { $0 == UInt8(ascii: "@") }.count == 1
        return user.utf8.count <= Self.longestPlainUser || isAddress
    }

    private mutating func scanCookies(_ value: String, _ position: Int) {
        var offset = 0
        for pair in value.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            defer { offset += pair.count + 1 }
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = equals.map { String(decoding: pair[..<$0], as: UTF8.self).trimmingSpace() } ?? ""
            let raw = equals.map { pair[pair.index(after: $0)...] } ?? pair
            let lead = raw.prefix { $0 == 0x20 || $0 == 0x09 }.count
            let start = offset + pair.count - raw.count + lead
            add(.cookie, name, position, nil, String(decoding: raw, as: UTF8.self).trimmingSpace(), start, .plain)
        }
    }

    private mutating func add(
        _ location: CredentialFinding.Location, _ name: String, _ index: Int, _ scheme: String?, _ value: String,
        _ offset: Int,
        _ encoding: CredentialFinding.Encoding
    ) {
        guard !Self.emptyValues.contains(value.lowercased()) else { return }
        findings.append(
            CredentialFinding(
                location: location, name: name, index: index, scheme: scheme, range: offset..<offset + value.utf8.count,
                encoding: encoding,
                isPlaceholder: isPlaceholder(value)))
    }
}
