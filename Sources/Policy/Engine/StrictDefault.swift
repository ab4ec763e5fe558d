// SPDX-License-Identifier: Apache-2.0

extension PolicyDocument {
    /// What holds where there is no policy file: read the workspace, write to its layer, run the programs of the view; no network, no secrets.
    package static let strictDefaultText = """
        version: 1
        rules:
          - { id: read-the-workspace, permit: file.read, paths: ["**"] }
          - { id: write-to-the-layer, permit: file.write, paths: ["**"] }
          - id: run-programs
            permit: exec
            programs: ["/usr/bin/**", "/usr/sbin/**", "/bin/*", "/sbin/*", "/usr/local/**", "/usr/lib/**", "/usr/libexec/**", "/opt/**", "${workspace}/**"]
          - { id: commit-the-workspace, permit: commit, paths: ["**"] }
        """

    /// The built-in policy.
    ///
    /// - Throws: `PolicyError` never in practice: the text is the program's own.
    public static func strictDefault() throws(PolicyError) -> PolicyDocument {
        try read(strictDefaultText, file: "built-in")
    }
}
