// SPDX-License-Identifier: Apache-2.0

/// Which walls the kernel really put up.
public struct EnforcementReport: Sendable, Hashable, Codable {
    /// What became of one layer.
    public struct Entry: Sendable, Hashable, Codable {
        /// The layer.
        public var layer: SandboxLayer
        /// Whether the kernel has put it up.
        public var isEnforced: Bool
        /// What exactly is in force, or why nothing is.
        public var detail: String
        /// What an operator can do where something is missing.
        public var remedy: String?
    }

    /// `full` when all layers are in force, `incomplete` when the plan allowed one to be missing, `none` without a pod.
    public var tier: String
    /// Every layer, in a fixed order.
    public var entries: [Entry]
    /// The Landlock version in use, 0 for none.
    public var landlockVersion: Int
    /// The host's user id of the pod's programs. Never 0, unless there is no pod.
    public var uid: UInt32
    /// The host's group id of the pod's programs. Never 0, unless there is no pod.
    public var gid: UInt32

    /// The layers that are not in force.
    public var missing: [SandboxLayer] { entries.filter { !$0.isEnforced }.map(\.layer) }

    init(landlockVersion: Int, requiredLandlock: Int, identity: PodIdentity) {
        let (uid, gid) = (identity.uid, identity.gid)
        let groups =
            identity.keptGroups == 0 ? "" : ", keeps \(identity.keptGroups) supplementary groups of the host's user"
        let details: [SandboxLayer: String] = [
            .userNamespace: "own user namespace, host ids \(uid):\(gid), host root not mapped\(groups)",
            .mountNamespace: "own root with a read-only view",
            .pidNamespace: "own pid namespace for the pod and for each call",
            .networkNamespace: "loopback only, no route out",
            .ipcNamespace: "own ipc namespace",
            .utsNamespace: "own host name",
            .overlay: "workspace changes go to the pod's layer",
            .seccomp: "allow-list, unknown system calls fail with ENOSYS",
            .privileges: "no_new_privs, all capability sets empty",
        ]
        let hasLandlock = landlockVersion >= max(1, requiredLandlock)
        entries = SandboxLayer.allCases.map { layer in
            guard layer == .landlock else {
                return Entry(layer: layer, isEnforced: true, detail: details[layer] ?? "", remedy: nil)
            }
            return Entry(
                layer: .landlock, isEnforced: hasLandlock,
                detail: "landlock version \(landlockVersion), wanted \(requiredLandlock)",
                remedy: hasLandlock ? nil : "boot a kernel of version 6.12 or later with `lsm=landlock,...`")
        }
        tier = hasLandlock ? "full" : "incomplete"
        self.landlockVersion = landlockVersion
        self.uid = uid
        self.gid = gid
    }

    /// A report of a machine that can't open a pod, and of the layer that stands in the way where the step tells.
    init(failedAt error: SandboxError) {
        let culprit = error.stage.layer
        tier = "none"
        entries = SandboxLayer.allCases.map { layer in
            Entry(
                layer: layer, isEnforced: false,
                detail: layer == culprit ? error.description : "not reached: no pod could be opened",
                remedy: layer == culprit || culprit == nil ? error.message : nil)
        }
        landlockVersion = Landlock.version()
        uid = 0
        gid = 0
    }

    /// Takes back what a look from inside doesn't confirm.
    mutating func withdraw(_ layer: SandboxLayer, because reason: String) {
        tier = "none"
        for index in entries.indices where entries[index].layer == layer {
            entries[index].isEnforced = false
            entries[index].detail = reason
        }
    }
}
