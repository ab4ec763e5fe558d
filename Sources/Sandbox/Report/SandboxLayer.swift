// SPDX-License-Identifier: Apache-2.0

/// One of the walls around a pod.
public enum SandboxLayer: String, Sendable, Hashable, CaseIterable, Codable {
    case userNamespace, mountNamespace, pidNamespace, networkNamespace, ipcNamespace, utsNamespace
    /// Changes to the workspace land in a layer of the pod.
    case overlay
    /// The file rules of Landlock, a second wall behind the mount view.
    case landlock
    /// The system call filter.
    case seccomp
    /// No capability in any set, no way to get one.
    case privileges
}
