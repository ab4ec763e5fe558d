// SPDX-License-Identifier: Apache-2.0

/// Why an entry stays in the layer and is not written to the workspace.
package enum LayerRefusal: Hashable, Sendable {
    /// The name binds the agent or runs with someone else's authority; the text says which rule.
    case protectedName(String)
    /// The name becomes a protected one on a file system that folds case, widths or invisible characters.
    case lookAlike(String)
    /// The git configuration changes what executes or redirects; one text per key.
    case gitConfiguration([String])
    /// A device, FIFO, socket or something unknown.
    case notAFile(LayerKind)
    /// The setuid, setgid or sticky bit is set.
    case specialBits
    /// A file capability is set.
    case fileCapability
    /// A symbolic link that is absolute or leads out of the workspace.
    case linkLeaves
    /// The overlay refers to content that stands elsewhere (`redirect`, `metacopy`).
    case redirected
    /// Deeper or longer than the limits.
    case tooDeep
    /// Larger than the limits.
    case tooLarge
    /// A system call on this entry failed with this error number.
    case unreadable(Int32)
    /// A folder on the way is a symbolic link, a mount point or no folder in the workspace.
    case parentNotAFolder
    /// The folder still holds entries that stay.
    case folderNotEmpty
    /// The original belongs to someone else and the replacement can't be given to them.
    case ownerWouldChange
    /// The caller's own rule, in its words.
    case notPermitted(String)
}

extension LayerRefusal: CustomStringConvertible {
    /// One line that says why.
    package var description: String {
        switch self {
        case .protectedName(let rule): "protected: \(rule)"
        case .lookAlike(let name): "reads as the protected name `\(name)` on other file systems"
        case .gitConfiguration(let keys):
            "git configuration that executes or redirects: " + keys.joined(separator: ", ")
        case .notAFile(let kind): "a \(kind.rawValue) is never committed"
        case .specialBits: "setuid, setgid and sticky bits are never committed"
        case .fileCapability: "file capabilities are never committed"
        case .linkLeaves: "the link leaves the workspace"
        case .redirected: "the layer refers to content elsewhere"
        case .tooDeep: "too deep or its path too long"
        case .tooLarge: "larger than the limit"
        case .unreadable(let errno): "can't be read or written (errno \(errno))"
        case .parentNotAFolder: "a parent is a link, a mount point or no folder in the workspace"
        case .folderNotEmpty: "the folder still holds entries that stay"
        case .ownerWouldChange: "the file belongs to someone else and would change its owner"
        case .notPermitted(let reason): reason
        }
    }
}

/// Why an entry is not written although it would be permitted: the workspace is not as the agent saw it.
package enum LayerConflict: Hashable, Sendable {
    /// The original changed since the snapshot.
    case changedOutside
    /// Something stands now where nothing stood.
    case appearedOutside
    /// The original is gone.
    case vanishedOutside
    /// The layer's content is not what the diff showed.
    case changedSinceDiff
    /// The file was seen only with its secrets masked; the text says why they can't be put back.
    case masked(String)
}

extension LayerConflict: CustomStringConvertible {
    /// One line that says why.
    package var description: String {
        switch self {
        case .changedOutside: "the original was changed outside meanwhile"
        case .appearedOutside: "something else appeared here meanwhile"
        case .vanishedOutside: "the original was removed outside meanwhile"
        case .changedSinceDiff: "the layer changed after the diff was made"
        case .masked(let reason): "the file holds masked secrets: \(reason)"
        }
    }
}
