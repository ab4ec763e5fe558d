// SPDX-License-Identifier: Apache-2.0

/// A file or a tree of the host that can be read inside, at the same path.
///
/// A symbolic link is made anew inside, with the same target, which has to be in the view itself.
public struct ViewEntry: Sendable, Hashable {
    /// The path, the same outside and inside.
    public var path: String
    /// Whether a pod opens without it where the host doesn't have it.
    public var isOptional: Bool

    /// An entry; by default a missing source is an error.
    public init(_ path: String, isOptional: Bool = false) {
        self.path = path
        self.isOptional = isOptional
    }

    /// Programs and libraries of the system, and the files below `/etc` that they need and that hold no secret.
    public static func system() -> [ViewEntry] {
        let trees = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
        let settings = [
            "alternatives", "bash.bashrc", "ca-certificates", "ca-certificates.conf", "debian_version", "fonts",
            "inputrc", "ld.so.cache",
            "ld.so.conf", "ld.so.conf.d", "locale.alias", "localtime", "lsb-release", "magic", "magic.mime",
            "mime.types", "os-release",
            "perl", "pki/tls/certs", "profile", "profile.d", "protocols", "python3", "services", "ssl/certs",
            "ssl/openssl.cnf", "terminfo",
            "timezone",
        ]
        // Java keeps its settings in a folder named after its version, and does not start without it.
        let java = Kernel.names(in: "/etc").filter { $0.hasPrefix("java-") }
        return (trees + (settings + java).map { "/etc/" + $0 }).map { ViewEntry($0, isOptional: true) }
    }
}
