// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// A model behind an OpenAI-compatible chat completions API, streamed: OpenAI, vLLM, Ollama, llama.cpp and others.
public struct OpenAIModel: Model {
    /// What every request says.
    public struct Configuration: Sendable {
        /// The model's name.
        public var model: String
        /// Most tokens of output; nil leaves it to the server.
        public var maxTokens: Int?
        /// The name of the field for `maxTokens`: servers differ between `max_tokens` and `max_completion_tokens`.
        public var maxTokensField: String
        /// The address up to and including the version, without a trailing slash.
        public var baseURL: String

        /// Names a model.
        public init(
            model: String, maxTokens: Int? = nil, maxTokensField: String = "max_completion_tokens",
            baseURL: String = "https://api.openai.com/v1"
        ) {
            self.model = model
            self.maxTokens = maxTokens
            self.maxTokensField = maxTokensField
            self.baseURL = baseURL
        }
    }

    private let configuration: Configuration
    private let key: APIKey?
    private let call: StreamedTurn

    /// Makes a client; nothing is sent yet.
    ///
    /// - Parameter key: The key; nil for a server that wants none.
    public init(
        _ configuration: Configuration, key: APIKey?, transport: any ModelTransport, retry: RetryPolicy = RetryPolicy()
    ) {
        self.configuration = configuration
        self.key = key
        call = StreamedTurn(transport: transport, retry: retry)
    }

    /// Asks for the next turn of the assistant.
    public func respond(
        to conversation: Conversation, tools: [ToolSchema], onEvent: (ModelEvent) -> Void
    ) async throws(ModelError) -> Turn {
        let body = OpenAIRequest(configuration: configuration, conversation: conversation, tools: tools).json
        let request = ModelRequest(
            url: configuration.baseURL + "/chat/completions",
            headers: [.init("content-type", "application/json"), .init("accept", "text/event-stream")],
            credential: key.map { .init(header: "authorization", prefix: "Bearer ", key: $0) },
            body: body.serializedBytes())
        return try await call.run(request, makeAssembler: { OpenAIAssembler() }, onEvent: onEvent)
    }
}
