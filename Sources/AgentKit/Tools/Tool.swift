// SPDX-License-Identifier: Apache-2.0

/// Something a model can call. It proposes effects, and runs under the authority it was given for exactly those.
public protocol Tool: Sendable {
    /// The name that the model uses, such as `file.read`.
    var name: String { get }
    /// What it does, for the model.
    var description: String { get }
    /// The JSON Schema of its input.
    var inputSchema: JSONValue { get }

    /// Says what the call would do, without doing any of it.
    ///
    /// - Throws: `ToolError` where the input makes no sense.
    func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect]

    /// Does it. The invocation reaches the proposed effects and nothing else; running uses it up.
    ///
    /// - Throws: `ToolError`; a program's non-zero exit or a server's error status is a result, not an error.
    func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult
}

/// A model's wish to have a tool run.
public struct ToolCall: Sendable, Hashable {
    /// The model's id for the call; means nothing here.
    public let id: String
    /// The name of the tool.
    public let tool: String
    /// The tool's input, unchecked.
    public let input: JSONValue

    /// Makes a call.
    public init(id: String = "", tool: String, input: JSONValue) {
        self.id = id
        self.tool = tool
        self.input = input
    }
}

/// What a tool gives back to the model, redacted before it leaves the session.
public struct ToolResult: Sendable, Hashable {
    /// What the model reads.
    public let text: String
    /// The same for machines.
    public let json: JSONValue
    /// Whether the tool's work failed (a program's non-zero exit, a server's error status).
    public let isError: Bool

    /// Makes a result; without `json` it holds the text.
    public init(text: String, json: JSONValue? = nil, isError: Bool = false) {
        self.text = text
        self.json = json ?? ["text": .string(text)]
        self.isError = isError
    }
}

/// A tool failed.
public struct ToolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable { case invalidInput, notAuthorized, failed, mayHaveActed }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// The input makes no sense.
        public static let invalidInput = Code(.invalidInput)
        /// It tried an effect that its invocation doesn't hold.
        public static let notAuthorized = Code(.notAuthorized)
        /// It failed; nothing changed outside the session.
        public static let failed = Code(.failed)
        /// It failed when the effect may have happened already.
        public static let mayHaveActed = Code(.mayHaveActed)
    }

    /// What went wrong.
    public let code: Code
    /// One line: what happened, why, what to do next.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
