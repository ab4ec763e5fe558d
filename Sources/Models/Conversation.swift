// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// What was said so far.
public struct Conversation: Sendable, Hashable {
    /// The instructions that stand before everything; empty for none.
    public var system: String
    /// The messages, oldest first.
    public var messages: [Message]

    /// Begins a conversation.
    public init(system: String = "", messages: [Message] = []) {
        self.system = system
        self.messages = messages
    }

    /// Appends a message of the user.
    public mutating func append(user text: String) {
        messages.append(Message(role: .user, content: [.text(text)]))
    }

    /// Appends what a model said, unchanged.
    public mutating func append(_ turn: Turn) {
        messages.append(Message(role: .assistant, content: turn.content))
    }

    /// Appends the results of the tools that the last turn asked for.
    public mutating func append(_ results: [ToolResult]) {
        messages.append(Message(role: .user, content: results.map { .toolResult($0) }))
    }
}

/// One message of a conversation.
public struct Message: Sendable, Hashable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable {
        /// The person or program that asks, and the tools that answer.
        case user
        /// The model.
        case assistant
    }

    /// Who speaks.
    public var role: Role
    /// What is said, in order.
    public var content: [Content]

    /// Makes a message.
    public init(role: Role, content: [Content]) {
        self.role = role
        self.content = content
    }
}

/// A part of a message.
public enum Content: Sendable, Hashable {
    /// Text.
    case text(String)
    /// Thinking that the provider wants to have back unchanged, with its signature.
    case thinking(String, signature: String?)
    /// Thinking that the provider encrypted and wants to have back unchanged.
    case redactedThinking(String)
    /// The model asks for a tool.
    case toolCall(ToolCall)
    /// A tool answered.
    case toolResult(ToolResult)
    /// A part of a kind unknown here, kept for the provider that sent it; other providers never see it.
    case opaque(JSONValue)
}

/// A tool that the model asks for.
public struct ToolCall: Sendable, Hashable {
    /// Ties the result to the call; chosen by the provider.
    public var id: String
    /// The tool's name, as the model wrote it.
    public var name: String
    /// The input; `null` when the model's text isn't JSON.
    public var input: JSONValue
    /// Whether the model's text for the input isn't JSON, for instance because it was cut short.
    public var isInputMalformed: Bool

    /// Makes a call.
    public init(id: String, name: String, input: JSONValue, isInputMalformed: Bool = false) {
        self.id = id
        self.name = name
        self.input = input
        self.isInputMalformed = isInputMalformed
    }

    /// Makes a call from the text that a model wrote as input; no text at all stands for an empty object.
    package init(id: String, name: String, inputText: String) {
        let text = inputText.isEmpty ? "{}" : inputText
        let parsed = try? JSONValue.parse(text)
        self.init(id: id, name: name, input: parsed ?? .null, isInputMalformed: parsed == nil)
    }
}

/// What a tool answered.
public struct ToolResult: Sendable, Hashable {
    /// The id of the call that this answers.
    public var callID: String
    /// What the model gets to read.
    public var content: String
    /// Whether the call was denied or failed.
    public var isError: Bool

    /// Makes a result.
    public init(callID: String, content: String, isError: Bool = false) {
        self.callID = callID
        self.content = content
        self.isError = isError
    }
}

/// A tool as a model learns of it.
public struct ToolSchema: Sendable, Hashable {
    /// The name by which the model asks for it.
    public var name: String
    /// What it does, for the model.
    public var description: String
    /// The JSON Schema of its input.
    public var inputSchema: JSONValue

    /// Describes a tool.
    public init(name: String, description: String, inputSchema: JSONValue) {
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
    }
}
