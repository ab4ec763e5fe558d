// SPDX-License-Identifier: Apache-2.0

/// What a model said, complete.
public struct Turn: Sendable, Hashable {
    /// Text, thinking and calls in the order in which they came.
    public var content: [Content]
    /// Why the model stopped.
    public var stopReason: StopReason
    /// What the provider counted.
    public var usage: TokenUsage
    /// The model that answered, by the provider's name for it.
    public var modelName: String

    /// Makes a turn.
    public init(
        content: [Content], stopReason: StopReason, usage: TokenUsage = TokenUsage(), modelName: String = ""
    ) {
        self.content = content
        self.stopReason = stopReason
        self.usage = usage
        self.modelName = modelName
    }

    /// The text of the turn, without thinking.
    public var text: String {
        content.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }

    /// The tool calls of the turn, in order.
    public var calls: [ToolCall] {
        content.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }
    }
}

/// Why a model stopped.
public enum StopReason: Sendable, Hashable {
    /// It said all it had to say.
    case endTurn
    /// It waits for tool results.
    case toolUse
    /// It reached the limit of its output; a call at the end may be cut short.
    case maxTokens
    /// It wrote a stop sequence.
    case stopSequence
    /// It or the provider's filter refused to go on.
    case refusal
    /// The provider paused a long turn; the conversation may simply be sent again.
    case pause
    /// A reason unknown here, by the provider's name.
    case other(String)
}

/// Tokens as the provider counted them.
public struct TokenUsage: Sendable, Hashable {
    /// Input tokens that weren't in a cache.
    public var input: Int
    /// Output tokens, thinking included.
    public var output: Int
    /// Input tokens read from a cache.
    public var cacheRead: Int
    /// Input tokens written to a cache.
    public var cacheWrite: Int

    /// Makes a count.
    public init(input: Int = 0, output: Int = 0, cacheRead: Int = 0, cacheWrite: Int = 0) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
    }
}
