// SPDX-License-Identifier: Apache-2.0

/// Finding GraphQL in any of its wrappings.
extension RequestAnalyzer {
    private static let members = ["query", "variables", "operationName", "extensions"]
    private static let persistedMembers: Set<String> = [
        "id", "doc_id", "docId", "documentId", "document_id", "queryId", "query_id", "hash", "queryHash", "sha256Hash",
        "persistedQuery",
    ]

    mutating func readGraphQL() {
        let before = analysis.operations.count
        let hasQueryString = readQueryString()
        var hasBody = false
        if analysis.mediaType?.essence == "application/graphql", !body.isEmpty {
            hasBody = true
            readDocument(String(validating: body, as: UTF8.self), variables: nil, operationName: nil)
        } else if let json = analysis.json {
            hasBody = readJSONPayload(json)
            // The body is JSON under the type of a form; a server may read it either way.
            if !analysis.form.isEmpty && readFormPayload() {
                analysis.report(.graphQLAmbiguous, "the body is JSON and a form at once")
                hasBody = true
            }
        } else if !analysis.form.isEmpty {
            hasBody = readFormPayload()
        } else if !body.isEmpty, analysis.bodyKind == .other, let text = String(validating: body, as: UTF8.self),
            looksLikeGraphQL(text)
        {
            hasBody = true
            readDocument(text, variables: nil, operationName: nil)
        }
        if hasBody && hasQueryString { analysis.report(.graphQLAmbiguous, "both the url and the body hold a document") }
        if hasBody { analysis.bodyKind = .graphQL }
        if expectsGraphQL && !hasBody && !facts.body.isEmpty {
            analysis.report(.graphQLMissing, "body for a GraphQL server holds no document that could be read")
        }
        let isUnread = expectsGraphQL && analysis.operations.count == before && (hasBody || hasQueryString)
        if isUnread && analysis.problems.isEmpty { analysis.report(.graphQLMissing, "no operation could be read") }
    }

    /// Reads parameters of the URL; says whether they hold a document or name one.
    private mutating func readQueryString() -> Bool {
        guard let url = analysis.url else { return false }
        let fields = url.parameters.map {
            FormField(name: $0.name, value: Array($0.value.utf8), fileName: nil, mediaType: nil)
        }
        let found = readFields(fields)
        if !found && expectsGraphQL && fields.contains(where: { Self.members.contains($0.name) }) {
            analysis.report(.graphQLAmbiguous, "the url holds parts of a GraphQL request without its document")
        }
        return found
    }

    private mutating func readFormPayload() -> Bool {
        let operations = analysis.form.filter { $0.name == "operations" }
        guard !operations.isEmpty else { return readFields(analysis.form) }
        var found = false
        for field in operations {
            guard let json = parseEmbedded(field.value) else {
                if expectsGraphQL { analysis.report(.bodyMalformed, "operations of the form are not valid JSON") }
                continue
            }
            found = readJSONPayload(json) || found
        }
        guard found || expectsGraphQL else { return false }
        if operations.count > 1 || analysis.form.contains(where: { Self.members.contains($0.name) }) {
            analysis.report(.graphQLAmbiguous, "the form holds more than one GraphQL request")
        }
        if analysis.form.contains(where: { $0.name == "map" && !["{}", ""].contains($0.text ?? "?") }) {
            analysis.report(.graphQLUnresolved, "files of the form take the place of variables")
        }
        return found
    }

    /// Reads `query`, `variables` and `operationName` given as fields of a form or parameters of a URL.
    private mutating func readFields(_ fields: [FormField]) -> Bool {
        func all(_ name: String) -> [FormField] { fields.filter { $0.name == name } }
        let documents = all("query").filter { expectsGraphQL || looksLikeGraphQL($0.text ?? "") }
        let extensions = all("extensions").compactMap { parseEmbedded($0.value) }
        let isPersisted =
            extensions.contains { $0["persistedQuery"] != nil }
            || expectsGraphQL && fields.contains { Self.persistedMembers.contains($0.name) && !$0.value.isEmpty }
        if isPersisted { analysis.report(.graphQLPersisted, "the document is named by a hash or an id; send its text") }
        let isVaried = fields.contains { field in
            let name = field.name.lowercased()
            return Self.members.contains {
                name == $0.lowercased() && field.name != $0 || name.hasPrefix($0.lowercased() + "[")
            }
        }
        if isVaried && (expectsGraphQL || !documents.isEmpty) {
            analysis.report(.graphQLAmbiguous, "a part of the GraphQL request has an unusual name")
        }
        guard !documents.isEmpty else { return isPersisted }
        if Self.members.contains(where: { all($0).count > 1 }) {
            analysis.report(.graphQLAmbiguous, "a part of the GraphQL request stands twice")
        }
        var variables: JSONValue?
        if let field = all("variables").first, !field.value.isEmpty {
            variables = parseEmbedded(field.value)
            if variables == nil { analysis.report(.graphQLVariables, "variables are not valid JSON") }
        }
        for document in documents {
            readDocument(document.text, variables: variables, operationName: all("operationName").first?.text)
        }
        return true
    }

    private mutating func parseEmbedded(_ bytes: [UInt8]) -> JSONValue? {
        var lenient = limits.json
        lenient.duplicateKeys = .refuse
        do {
            return try JSONValue.parse(bytes, limits: lenient)
        } catch {
            guard error.code == .duplicateKey else { return nil }
            analysis.report(.bodyDuplicateKey, error.description)
            lenient.duplicateKeys = .keepAll
            return try? JSONValue.parse(bytes, limits: lenient)
        }
    }

    /// Reads a JSON body; says whether it is a GraphQL request or a batch of them.
    private mutating func readJSONPayload(_ json: JSONValue) -> Bool {
        switch json {
        case .object(let members): return readPayload(members)
        case .array(let elements):
            let isGraphQL = expectsGraphQL || elements.contains { $0.objectValue.map { isPayload($0) } == true }
            guard isGraphQL else { return false }
            analysis.isBatch = true
            if elements.count > limits.maximumParts {
                analysis.report(.graphQLTooLarge, "batch has more than \(limits.maximumParts) operations")
            }
            for element in elements.prefix(limits.maximumParts) {
                guard case .object(let members) = element, readPayload(members) else {
                    analysis.report(.graphQLMissing, "an element of the batch holds no document")
                    continue
                }
            }
            return true
        default: return false
        }
    }

    private func isPayload(_ members: JSONObject) -> Bool {
        if members["extensions"]?["persistedQuery"] != nil { return true }
        return members.contains { member in
            member.name.lowercased() == "query" && member.value.stringValue.map { looksLikeGraphQL($0) } == true
        }
    }

    private mutating func readPayload(_ members: JSONObject) -> Bool {
        guard expectsGraphQL || isPayload(members) else { return false }
        // Some servers match member names in any letter case.
        let isVaried = members.contains { member in
            Self.members.contains { member.name != $0 && member.name.lowercased() == $0.lowercased() }
        }
        if isVaried { analysis.report(.graphQLAmbiguous, "a part of the GraphQL request has an unusual name") }
        let isPersisted = members.contains { member in
            if member.name == "extensions" { return member.value["persistedQuery"] != nil }
            return Self.persistedMembers.contains(member.name) && !member.value.isNull
        }
        if isPersisted { analysis.report(.graphQLPersisted, "the document is named by a hash or an id; send its text") }
        let documents = members.filter { $0.name.lowercased() == "query" && !$0.value.isNull }
        if documents.isEmpty && !isPersisted { analysis.report(.graphQLMissing, "the request holds no document") }
        let (variables, name) = (readVariables(members), members["operationName"] ?? .null)
        if name.stringValue == nil && !name.isNull {
            analysis.report(.graphQLAmbiguous, "operation name is not a string")
        }
        for document in documents {
            readDocument(document.value.stringValue, variables: variables, operationName: name.stringValue)
        }
        return true
    }

    /// The variables of a payload; some servers take them as a string of JSON.
    private mutating func readVariables(_ members: JSONObject) -> JSONValue? {
        guard case .string(let text)? = members["variables"] else { return members["variables"] }
        if text.isEmpty { return nil }
        let value = parseEmbedded(Array(text.utf8))
        if value == nil { analysis.report(.graphQLVariables, "variables are not valid JSON") }
        return value
    }

    private mutating func readDocument(_ text: String?, variables: JSONValue?, operationName: String?) {
        guard let text else { return analysis.report(.graphQLMissing, "the document is not text") }
        let (operations, problems) = GraphQLOperation.analyse(
            document: text, variables: variables, operationName: operationName, limits: limits.graphQL)
        analysis.operations += operations
        for problem in problems { analysis.report(problem) }
    }

    /// Whether text that nothing else marks as GraphQL is to be read as such.
    ///
    /// A keyword of an operation and a brace are enough, so that a document with a flaw is a problem rather than
    /// unseen. A bare `{` must parse: other query languages start with one too.
    private func looksLikeGraphQL(_ text: String) -> Bool {
        var lexer = GraphQLLexer(bytes: Array(text.utf8.prefix(limits.graphQL.maximumBytes)))
        guard let first = try? lexer.next() else { return false }
        if first.kind == .punctuator(UInt8(ascii: "{")) {
            do {
                _ = try GraphQLDocument.parse(text, limits: limits.graphQL)
                return true
            } catch {
                return error.code != .syntax
            }
        }
        guard first.kind == .name, ["query", "mutation", "subscription", "fragment"].contains(lexer.text(first)) else {
            return false
        }
        return text.utf8.contains(UInt8(ascii: "{"))
    }
}
