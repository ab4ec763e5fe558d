// SPDX-License-Identifier: Apache-2.0

/// What a pod is made of.
///
/// A plan is a value; nothing is opened before `Pod.open(_:)`. All paths are absolute, without `.`, `..` or empty components.
public struct PodPlan: Sendable {
    /// A user and a group that own nothing of importance on the host. Never 0.
    public struct UnprivilegedID: Sendable, Hashable {
        /// The user.
        public var uid: UInt32
        /// The group.
        public var gid: UInt32

        /// A user and a group.
        public init(uid: UInt32, gid: UInt32) {
            self.uid = uid
            self.gid = gid
        }
    }

    /// A small file that exists only inside.
    public struct GeneratedFile: Sendable, Hashable {
        /// Where it appears. A file that the view shows there is an error.
        public var path: String
        /// What it holds.
        public var contents: [UInt8]
        /// Permission bits.
        public var mode: UInt32

        /// A file of bytes; everyone inside may read it by default.
        public init(path: String, contents: [UInt8], mode: UInt32 = 0o444) {
            self.path = path
            self.contents = contents
            self.mode = mode
        }

        /// A file of text that everyone inside may read.
        public init(path: String, text: String) { self.init(path: path, contents: [UInt8](text.utf8)) }
    }

    /// The most that the pod's own file systems hold, in bytes of memory and in number of files (each costs about 1 KiB of the kernel's).
    public struct Limits: Sendable, Hashable {
        /// Changes to the workspace.
        public var layerBytes: UInt64 = 1 << 30
        /// `/tmp`.
        public var temporaryBytes: UInt64 = 1 << 30
        /// Changed files and folders of the workspace.
        public var layerFiles: UInt64 = 500_000
        /// Files and folders in `/tmp`.
        public var temporaryFiles: UInt64 = 200_000
        /// `/dev/shm`.
        public var sharedMemoryBytes: UInt64 = 256 << 20

        /// The defaults: 1 GiB for changes and for `/tmp`, 256 MiB of shared memory.
        public init() {}
    }

    /// The folder that the agent works in. Inside it has the same path; changes go to the pod's layer.
    public var workspace: String
    /// What else can be read, and executed, inside. A tree that holds sockets of the host makes them reachable: no rule of the kernel
    /// stands between a visible socket and a program that its permissions let in.
    public var view: [ViewEntry]
    /// Files that exist only inside, besides the few that programs expect (`/etc/passwd`, `/etc/hosts` …).
    public var generatedFiles: [GeneratedFile] = []
    /// Paths of the view whose content is replaced by an empty stand-in; what appears there on the host later stays hidden. A symbolic
    /// link can't be hidden, its target can. Inside the workspace the mask layer does this.
    public var hidden: [String] = []
    /// Executable files and directories. Empty: the view, the workspace and `/tmp`.
    public var executable: [String] = []
    /// The sizes of the pod's own file systems.
    public var limits = Limits()
    /// Whom the pod's programs run as where the host is root and root owns the workspace. Missing there, the pod is refused.
    public var unprivilegedID: UnprivilegedID?
    /// Layers without which the pod is refused. Those that a kernel may lack are Landlock and its versions; all else is always required.
    public var requiredLayers: Set<SandboxLayer> = Set(SandboxLayer.allCases)
    /// Landlock's lowest version that counts as present.
    public var landlockVersion = 6
    /// Fills the mask layer before the workspace is mounted: what lies in this directory replaces what the workspace has at the same
    /// path. Gets a directory descriptor that is valid during the call. Runs on the pod's thread with the pod's file identity, so that
    /// what it makes belongs to the pod's user; an error ends the opening.
    public var populateMask: (@Sendable (_ maskDirectory: Int32) throws -> Void)?
    /// The name of the machine inside.
    public var hostname = "pod"

    /// A plan with the system's programs in view.
    public init(workspace: String, view: [ViewEntry] = ViewEntry.system()) {
        self.workspace = workspace
        self.view = view
    }
}
