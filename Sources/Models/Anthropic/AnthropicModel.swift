// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// A model behind Anthropic's Messages API, streamed.
public struct AnthropicModel: Model {
    /// What every request says.
    public struct Configuration: Sendable {
        /// The model's name.
        public var model: String
        /// Most tokens of output.
        public var maxTokens: Int
        /// Tokens for thinking; nil for none.
        public var thinkingBudget: Int?
        /// Whether the provider is asked to cache the tools, the instructions and the conversation so far.
        public var caching: Bool
        /// Values of the `anthropic-beta` header.
        public var betas: [String]
        /// The address, without a trailing slash.
        public var baseURL: String

        /// Names a model.
        public init(
            model: String, maxTokens: Int = 8_192, thinkingBudget: Int? = nil, caching: Bool = true,
            betas: [String] = [], baseURL: String = "https://api.anthropic.com"
        ) {
            self.model = model
            self.maxTokens = maxTokens
            self.thinkingBudget = thinkingBudget
            self.caching = caching
            self.betas = betas
            self.baseURL = baseURL
        }
    }

    private let configuration: Configuration
    private let key: APIKey
    private let call: StreamedTurn

    /// Makes a client; nothing is sent yet.
    public init(
        _ configuration: Configuration, key: APIKey, transport: any ModelTransport, retry: RetryPolicy = RetryPolicy()
    ) {
        self.configuration = configuration
        self.key = key
        call = StreamedTurn(transport: transport, retry: retry)
    }

    /// Asks for the next turn of the assistant.
    public func respond(
        to conversation: Conversation, tools: [ToolSchema], onEvent: (ModelEvent) -> Void
    ) async throws(ModelError) -> Turn {
        var headers: [ModelRequest.Header] = [
            .init("content-type", "application/json"), .init("accept", "text/event-stream"),
            .init("anthropic-version", "2023-06-01"),
        ]
        if !configuration.betas.isEmpty {
            headers.append(.init("anthropic-beta", configuration.betas.joined(separator: ",")))
        }
        let body = AnthropicRequest(configuration: configuration, conversation: conversation, tools: tools).json
        let request = ModelRequest(
            url: configuration.baseURL + "/v1/messages", headers: headers,
            credential: .init(header: "x-api-key", key: key), body: body.serializedBytes())
        return try await call.run(request, makeAssembler: { AnthropicAssembler() }, onEvent: onEvent)
    }
}
