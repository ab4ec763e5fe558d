// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Synchronization

@testable import PocketOSProvider

/// A clock that a test moves.
final class ProviderClock: Sendable {
    private let seconds = Mutex(1_777_100_000)

    var now: Int { seconds.withLock { $0 } }
    func advance(by more: Int) { seconds.withLock { $0 += more } }
}

/// A seeded provider in a folder of its own.
struct ProviderFixture: Sendable {
    enum Token: String, CaseIterable, Sendable { case account, resolver, staging, none }

    let folder: URL
    let engine: ProviderEngine
    let clock: ProviderClock

    static func credentials(_ token: Token) -> Credentials {
        switch token {
        case .account, .resolver: Credentials(authorization: "Bearer " + Seed.id("token/\(token.rawValue)"))
        case .staging: Credentials(projectToken: Seed.id("token/project-staging"))
        case .none: Credentials()
        }
    }

    func ask(
        _ document: String, operationName: String? = nil, variables: JSON? = nil, as token: Token
    ) async -> JSON {
        let request = GraphQLRequest(query: document, variables: variables, operationName: operationName)
        return await engine.answer(request, credentials: Self.credentials(token)).body
    }

    /// Paths of the files under a volume's folder, or one of its instances'.
    func files(of volume: String) -> [String] {
        allFiles().map(\.path).filter { $0.hasPrefix("state/volumes/\(volume)/") }
    }

    /// All files with their content.
    func allFiles() -> [File] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        return paths.sorted().compactMap { path in
            (try? Data(contentsOf: folder.appending(path: path))).map { File(path: path, content: $0) }
        }
    }

    struct File: Hashable {
        var path: String
        var content: Data
    }
}

/// Runs a body with a freshly seeded provider and removes its folder afterwards.
func withProvider(mode: Mode = .incident, _ body: (ProviderFixture) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "provider-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Seed.write(to: folder)
    let clock = ProviderClock()
    let engine = try ProviderEngine(world: World(root: folder.appending(path: "state")), mode: mode) { clock.now }
    try await body(ProviderFixture(folder: folder, engine: engine, clock: clock))
}
