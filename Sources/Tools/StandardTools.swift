// SPDX-License-Identifier: Apache-2.0

public import AgentKit

/// The tools that AgentKit brings.
public enum StandardTools {
    /// All of them.
    public static var all: [any Tool] {
        [
            ShellTool(), FileReadTool(), FileListTool(), FileSearchTool(), FileWriteTool(), FileEditTool(),
            HTTPRequestTool(), GraphQLTool(),
        ]
    }
}
