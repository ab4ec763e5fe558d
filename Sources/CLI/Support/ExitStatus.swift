// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import AgentSecrets
internal import ArgumentParser

/// The exit codes that others may rely on.
enum ExitStatus {
    static let wrongUsage: Int32 = 64
    static let effectThenFailure: Int32 = 70
    static let waiting: Int32 = 75
    static let failedBefore: Int32 = 125
    static let denied: Int32 = 126
    static let programNotFound: Int32 = 127

    static func code(for error: SessionError) -> Int32 {
        switch error.code {
        case .afterEffect: effectThenFailure
        case .unknownTool, .invalidInput: wrongUsage
        default: failedBefore
        }
    }

    static func code(for error: HostError) -> Int32 {
        switch error.code {
        case .usage, .notAvailable: wrongUsage
        default: failedBefore
        }
    }
}

/// Ends the program with a sentence on standard error.
func fail(_ status: Int32, _ message: String) -> ExitCode {
    Terminal.error("agentkit: \(message)")
    return ExitCode(status)
}

/// Runs the body of a command; known errors become a sentence and their exit code.
func reporting<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let error as HostError {
        throw fail(ExitStatus.code(for: error), error.message)
    } catch let error as SessionError {
        throw fail(ExitStatus.code(for: error), error.message)
    } catch let error as StateError {
        throw fail(error.code == .notFound ? ExitStatus.wrongUsage : ExitStatus.failedBefore, error.message)
    } catch let error as SecretsError {
        throw fail(error.code == .notFound ? ExitStatus.wrongUsage : ExitStatus.failedBefore, error.message)
    }
}

/// A command that isn't built: it says so and does nothing.
func notYet(_ what: String) -> ExitCode {
    fail(ExitStatus.wrongUsage, "\(what) is not available in this version; nothing was done")
}

/// The same for a whole command, which still answers a question for help.
func notYet(_ command: any ParsableCommand.Type, _ rest: [String], _ what: String) -> any Error {
    if let first = rest.first, ["--help", "-h"].contains(first) { return CleanExit.helpRequest(command) }
    return notYet(what)
}
