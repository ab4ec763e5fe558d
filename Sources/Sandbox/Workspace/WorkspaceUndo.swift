// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Takes commits back, from what they kept.
public struct WorkspaceUndo: Sendable {
    private let store: String

    /// Takes the folder that commits kept their originals in.
    public init(store: String) { self.store = store }

    /// The commits that can be undone, oldest first.
    public func commits() throws(ConfinementError) -> [String] {
        try layer { () throws(LayerError) in try undoStore().commits() }
    }

    /// Puts everything back as it was before a commit.
    ///
    /// - Returns: The paths that changed since; with any of those nothing was touched.
    public func apply(_ identifier: String, in workspace: String) throws(ConfinementError) -> [String] {
        try layer { () throws(LayerError) in
            let undo = LayerUndo(workspace: try LayerDescriptor(openingFolder: workspace), store: try undoStore())
            return try undo.apply(identifier).map(\.description)
        }
    }

    private func undoStore() throws(LayerError) -> UndoStore { UndoStore(folder: try LayerDescriptor(openingFolder: store)) }

    private func layer<Value>(_ body: () throws(LayerError) -> Value) throws(ConfinementError) -> Value {
        do throws(LayerError) { return try body() } catch { throw ConfinementError(.io, "undo: \(error)") }
    }
}
