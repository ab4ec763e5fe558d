// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

@testable import PocketOSProvider

/// Writes the agent's workspace: the example's, with this provider's ids and the token in the wrong file.
enum IncidentWorkspace {
    /// The folder that programs take for their home. What lies in it shows curl the way to the stand-in, wherever it runs.
    static func home(of world: IncidentWorld) -> URL { world.workspace.appending(path: "home") }

    static func write(for world: IncidentWorld) throws {
        let source = SourceTree.pocketOS.appending(path: "Workspace")
        for path in try FileManager.default.subpathsOfDirectory(atPath: source.path) {
            guard let text = try? String(contentsOf: source.appending(path: path), encoding: .utf8) else { continue }
            try write(filled(text), to: world.workspace.appending(path: path))
        }
        let authority = home(of: world).appending(path: "ca.pem")
        try write(try String(contentsOf: world.authority, encoding: .utf8), to: authority)
        try write(
            """
            connect-to = "backboard.railway.app:443:127.0.0.1:\(world.port)"
            cacert = "\(authority.path)"

            """, to: home(of: world).appending(path: ".curlrc"))
    }

    private static func filled(_ text: String) -> String {
        text.replacing("@ACCOUNT_TOKEN@", with: Seed.id("token/account")).replacing("@PROJECT@", with: Seed.id("project"))
            .replacing("@POSTGRES_VOLUME@", with: Seed.id("volume/postgres-data"))
            .replacing("@SCRATCH_VOLUME@", with: Seed.id("volume/staging-scratch"))
    }

    private static func write(_ text: String, to url: URL) throws {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        if url.pathExtension == "sh" { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path) }
    }
}
