// SPDX-License-Identifier: Apache-2.0

/// Something that continues a conversation: a provider's API or a script.
///
/// A model has no authority. What it returns is a proposal, and every byte of it is untrusted.
public protocol Model: Sendable {
    /// Asks for the next turn of the assistant.
    ///
    /// Events arrive in order, on the caller's task, before the call returns; the turn repeats all that they said. Once an event
    /// was delivered the request isn't tried again, so nothing arrives twice. Cancelling ends the connection and throws `.cancelled`.
    ///
    /// - Parameters:
    ///   - conversation: All that was said so far; the last message is the user's or holds tool results.
    ///   - tools: The tools that the model may ask for.
    ///   - onEvent: Receives parts of the turn while they arrive.
    /// - Returns: The complete turn. It has to be appended to the conversation as it is, thinking included.
    /// - Throws: `ModelError`. A turn that the model cut short is no error; see `Turn.stopReason`.
    func respond(
        to conversation: Conversation, tools: [ToolSchema], onEvent: (ModelEvent) -> Void
    ) async throws(ModelError) -> Turn
}

/// A part of a turn, as it arrives.
public enum ModelEvent: Sendable, Hashable {
    /// More text.
    case text(String)
    /// More of the model's thinking, where the provider shows it.
    case thinking(String)
    /// The model begins to ask for a tool; its input follows.
    case callStarted(id: String, name: String)
    /// A tool call with its whole input.
    case call(ToolCall)
    /// The request failed and will be made again after the wait.
    case retrying(ModelError, after: Duration)
}
