// SPDX-License-Identifier: Apache-2.0

// An embedder writes `import AgentKit` and has every value and port of the core.
@_exported public import AgentCore
