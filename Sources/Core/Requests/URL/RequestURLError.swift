// SPDX-License-Identifier: Apache-2.0

/// Why a URL is not taken.
public struct RequestURLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable name of the reason.
    public let code: RequestProblem.Code
    /// What was wrong, without any of the URL.
    public let reason: String

    init(_ code: RequestProblem.Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// One line that names the reason.
    public var description: String { "url: \(reason)" }

    /// The same as a problem of a request.
    public var problem: RequestProblem { RequestProblem(code, reason) }
}
