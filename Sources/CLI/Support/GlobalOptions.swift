// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import ArgumentParser

/// Where state lives.
struct StateOptions: ParsableArguments {
    @Option(name: .customLong("state"), help: "The folder of approvals, audit and keys; else AGENTKIT_STATE, else $XDG_STATE_HOME/agentkit.")
    var state: String?

    func folder(_ variables: [String: String]) -> String {
        state.map { HostFiles.absolute($0) } ?? HostOptions.defaultState(variables)
    }
}

/// What binds a session.
struct SessionOptions: ParsableArguments {
    @Option(help: "The policy file; else AGENTKIT_POLICY, else agentkit.yaml above the workspace, else the built-in strict default.")
    var policy: String?

    @Option(help: "The environment to act under; one that the policy lets a session select.")
    var environment: String?

    @Option(help: "The folder that the agent works in; the working folder unless told.")
    var workspace: String?

    @OptionGroup var state: StateOptions

    func hostOptions() throws -> HostOptions {
        let variables = StandardStreams.environment()
        guard let folder = HostFiles.realPath(workspace ?? StandardStreams.workingFolder() ?? "."), HostFiles.isFolder(folder) else {
            throw HostError(.usage, "there is no folder `\(workspace ?? ".")` to work in")
        }
        var options = HostOptions(workspace: folder, variables: variables, state: .folder(state.folder(variables)))
        options.policyFile = policy
        options.environment = environment
        return options
    }
}
