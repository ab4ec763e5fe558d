// SPDX-License-Identifier: Apache-2.0

/// Whom a pod's programs run as, and how ids are mapped.
///
/// The host's uid and gid 0 are never mapped: a process whose outer uid is 0 may write to host-wide settings below `/proc/sys` without
/// any capability.
struct PodIdentity: Sendable {
    let uid: UInt32
    let gid: UInt32
    let uidMap: String
    let gidMap: String
    /// For the id-mapped mount of the workspace; nil where the host is a plain user.
    let mountMaps: (uid: String, gid: String)?
    /// Groups that the pod's programs have besides `gid`: a plain user can't lay them down without privilege.
    let keptGroups: Int
    var isRootHost: Bool { mountMaps != nil }

    /// An id that nothing has, for files whose owner must not be the host's root inside.
    private static let phantom: UInt32 = 0xFFFF_FFF0

    init(plan: PodPlan, workspace: FileStatus) throws(SandboxError) {
        guard Kernel.userID == 0 else {
            guard Kernel.groupID != 0 else {
                throw SandboxError(
                    .invalidPlan, stage: SandboxStage(.idMaps),
                    message: "a pod never runs with group 0; start with another group")
            }
            (uid, gid) = (Kernel.userID, Kernel.groupID)
            uidMap = "\(uid) \(uid) 1\n"
            gidMap = "\(gid) \(gid) 1\n"
            mountMaps = nil
            keptGroups = Kernel.groups.count { $0 != Kernel.groupID }
            return
        }
        let needsStandIn = workspace.owner == 0 || workspace.group == 0
        if needsStandIn, plan.unprivilegedID == nil {
            throw SandboxError(
                .invalidPlan, stage: SandboxStage(.idMaps),
                message:
                    "root owns the workspace and no unprivileged id is named; set one in the policy or change the owner"
            )
        }
        let standIn = plan.unprivilegedID ?? .init(uid: workspace.owner, gid: workspace.group)
        guard standIn.uid != 0, standIn.gid != 0, standIn.uid < Self.phantom, standIn.gid < Self.phantom else {
            throw SandboxError(
                .invalidPlan, stage: SandboxStage(.idMaps), message: "the unprivileged id must not be 0; name another")
        }
        uid = workspace.owner == 0 ? standIn.uid : workspace.owner
        gid = workspace.group == 0 ? standIn.gid : workspace.group
        keptGroups = 0
        uidMap = Self.everythingButZero("/proc/self/uid_map")
        gidMap = Self.everythingButZero("/proc/self/gid_map")
        mountMaps = (
            Self.mountMap(zeroBecomes: workspace.owner == 0 ? uid : Self.phantom),
            Self.mountMap(zeroBecomes: workspace.group == 0 ? gid : Self.phantom)
        )
    }

    /// The whole range that the host itself has, so that files of others can be copied up, without 0.
    private static func everythingButZero(_ path: String) -> String {
        let text = (try? Kernel.readFile(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        var map = ""
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ").compactMap { UInt64($0) }
            guard fields.count == 3 else { continue }
            let first = max(1, fields[0])
            let end = min(fields[0] + fields[2], UInt64(UInt32.max))
            if first < end { map += "\(first) \(first) \(end - first)\n" }
        }
        return map
    }

    /// Ids on disk to ids in the mount: 0 becomes the given one, whose own files become the phantom's; all others stay.
    private static func mountMap(zeroBecomes target: UInt32) -> String {
        var map = "0 \(target) 1\n"
        if target > 1 { map += "1 1 \(target - 1)\n" }
        if target != phantom {
            map += "\(target) \(phantom) 1\n"
            if target + 1 < phantom { map += "\(target + 1) \(target + 1) \(phantom - target - 1)\n" }
        }
        return map
    }
}
