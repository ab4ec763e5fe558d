// SPDX-License-Identifier: Apache-2.0

/// One step on the way from a plan to a running program.
public struct SandboxStage: Sendable, Hashable, CustomStringConvertible {
    enum Step: UInt32, Sendable, CaseIterable {
        case clone = 1
        case childDescriptors, childCapabilities, childExec, initStart, initRequest, initProgram, initSpawn, callStart
        case plan = 100
        case initImage, idMaps, identity, idMappedMount, propagation, viewSource, workspace, base, store, mask, view,
            generated
        case device, temporary, proc, overlay, hidden, pivot, hostname, loopback, landlock, seccomp, capabilities
        case session = 200
        case keyring, directory, streams, limits, callProc, privileges, callLandlock, callSeccomp, exec
        case control = 300
        case thread, filter, probe, unknown
    }

    let step: Step

    init(_ step: Step) { self.step = step }
    init(wire: UInt32) { step = Step(rawValue: wire) ?? .unknown }

    /// The step's name, stable across versions.
    public var description: String { String(describing: step) }

    /// The wall that a failure at this step keeps from standing.
    var layer: SandboxLayer? {
        switch step {
        case .clone, .idMaps, .identity, .childCapabilities: .userNamespace
        case .propagation, .viewSource, .base, .view, .device, .temporary, .proc, .pivot, .callProc: .mountNamespace
        case .overlay, .store, .idMappedMount, .workspace, .mask: .overlay
        case .loopback: .networkNamespace
        case .hostname: .utsNamespace
        case .initSpawn: .pidNamespace
        case .landlock, .callLandlock: .landlock
        case .seccomp, .callSeccomp, .filter: .seccomp
        case .capabilities, .privileges: .privileges
        default: nil
        }
    }

    func advice(errno: Int32) -> String {
        switch step {
        case .clone:
            "the kernel refused new namespaces; allow unprivileged user namespaces (`sysctl kernel.unprivileged_userns_clone=1`, "
                + "`sysctl user.max_user_namespaces=65536`, an AppArmor profile with `userns`)"
        case .propagation:
            "the kernel refused mounts; the host is itself confined (landlock, a container's profile): run it outside of that"
        case .idMaps: "the pod's ids could not be mapped; run as a plain user, or as root with the full id range"
        case .childExec, .initImage: "the pod's init could not be executed from memory; set `sysctl vm.memfd_noexec=0`"
        case .idMappedMount:
            "the workspace's file system doesn't support id-mapped mounts; run as the workspace's owner instead of root"
        case .workspace: "the workspace could not be opened; check that it is a directory that the pod's user may read"
        case .proc, .callProc: "a fresh /proc was refused; don't run inside a container that masks parts of /proc"
        case .overlay:
            "the overlay was refused; check that the workspace holds no mount points and that the kernel has overlayfs with userxattr"
        case .landlock, .callLandlock: "landlock is not available; boot a kernel with `lsm=landlock,...`"
        case .directory: "the call's directory doesn't exist inside the pod; name one below the workspace"
        case .exec: "the program could not be executed inside the pod; check its path and that the view holds it"
        case .viewSource: "an entry of the view could not be opened; remove it from the plan or mark it optional"
        default: "a step of the sandbox failed; nothing was run"
        }
    }
}
