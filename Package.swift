// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func product(_ name: String, _ package: String, trait: String? = nil) -> Target.Dependency {
    guard let trait else { return .product(name: name, package: package) }
    return .product(name: name, package: package, condition: .when(traits: [trait]))
}

let crypto = product("Crypto", "swift-crypto")
let argumentParser = product("ArgumentParser", "swift-argument-parser")
let nio = [
    product("AsyncHTTPClient", "async-http-client", trait: "HTTP"),
    product("NIOCore", "swift-nio", trait: "HTTP"),
    product("NIOPosix", "swift-nio", trait: "HTTP"),
    product("NIOHTTP1", "swift-nio", trait: "HTTP"),
    product("NIOSSL", "swift-nio-ssl", trait: "HTTP"),
]

let package = Package(
    name: "AgentKit",
    products: [
        .library(name: "AgentKit", targets: ["AgentKit"]),
        .library(name: "AgentTools", targets: ["AgentTools"]),
        .library(name: "AgentPolicy", targets: ["AgentPolicy"]),
        .library(name: "AgentApprovals", targets: ["AgentApprovals"]),
        .library(name: "AgentSecrets", targets: ["AgentSecrets"]),
        .library(name: "AgentAudit", targets: ["AgentAudit"]),
        .library(name: "AgentStore", targets: ["AgentStore"]),
        .library(name: "AgentSandbox", targets: ["AgentSandbox"]),
        .library(name: "AgentEgress", targets: ["AgentEgress"]),
        .library(name: "AgentModels", targets: ["AgentModels"]),
        .library(name: "AgentHost", targets: ["AgentHost"]),
        .executable(name: "agentkit", targets: ["agentkit"]),
        .executable(name: "coding-agent", targets: ["CodingAgent"]),
        .executable(name: "pocketos-provider", targets: ["PocketOSProvider"]),
    ],
    traits: [
        .trait(name: "HTTP", description: "Sends requests: async-http-client and SwiftNIO."),
        .trait(name: "SQLite", description: "Keeps approvals and the audit in SQLite: GRDB."),
        .trait(name: "CommandLine", description: "The agentkit program: swift-argument-parser."),
        .trait(name: "Examples", description: "The examples: Hummingbird and swift-certificates.", enabledTraits: ["HTTP", "CommandLine"]),
        .default(enabledTraits: ["HTTP", "SQLite", "CommandLine", "Examples"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .target(name: "AgentCore", path: "Sources/Core"),
        .target(name: "AgentKit", dependencies: ["AgentCore"], path: "Sources/AgentKit"),
        .target(name: "AgentTools", dependencies: ["AgentKit"], path: "Sources/Tools"),
        .target(name: "AgentPolicy", dependencies: ["AgentCore", crypto, product("Yams", "Yams")], path: "Sources/Policy"),
        .target(name: "AgentApprovals", dependencies: ["AgentCore", crypto], path: "Sources/Approvals"),
        .target(
            name: "AgentSecrets", dependencies: ["AgentCore", crypto, product("CryptoExtras", "swift-crypto")],
            path: "Sources/Secrets"),
        .target(name: "AgentAudit", dependencies: ["AgentCore", crypto], path: "Sources/Audit"),
        .target(
            name: "AgentStore", dependencies: ["AgentCore", product("GRDB", "GRDB.swift", trait: "SQLite")],
            path: "Sources/Store"),
        .target(name: "CSandbox", path: "Sources/CSandbox"),
        .target(name: "CLayer", path: "Sources/CLayer"),
        .target(name: "CSeccomp", path: "Sources/CSeccomp", linkerSettings: [.linkedLibrary("seccomp")]),
        .target(
            name: "AgentSandbox", dependencies: ["AgentCore", "CSandbox", "CLayer", "CSeccomp"], path: "Sources/Sandbox"),
        .target(name: "AgentEgress", dependencies: ["AgentCore"] + nio, path: "Sources/Egress"),
        .target(name: "AgentModels", dependencies: ["AgentCore"] + nio, path: "Sources/Models"),
        .target(
            name: "AgentHost",
            dependencies: [
                "AgentKit", "AgentTools", "AgentPolicy", "AgentApprovals", "AgentSecrets", "AgentAudit", "AgentStore",
                "AgentSandbox", "AgentEgress",
            ], path: "Sources/Host"),
        .executableTarget(
            name: "agentkit", dependencies: ["AgentHost", product("ArgumentParser", "swift-argument-parser", trait: "CommandLine")],
            path: "Sources/CLI"),
        .executableTarget(
            name: "agentkit-bench",
            dependencies: [
                "AgentHost", "AgentKit", "AgentSandbox", "AgentPolicy", "AgentSecrets", "AgentApprovals", "AgentAudit", "AgentStore",
                "AgentCore",
            ], path: "Benchmarks"),
        .executableTarget(
            name: "CodingAgent",
            dependencies: ["AgentHost", "AgentModels", product("ArgumentParser", "swift-argument-parser", trait: "Examples")],
            path: "Examples/CodingAgent"),
        .executableTarget(
            name: "PocketOSProvider",
            dependencies: [
                product("Hummingbird", "hummingbird", trait: "Examples"),
                product("HummingbirdTLS", "hummingbird", trait: "Examples"),
                product("NIOCore", "swift-nio", trait: "Examples"),
                product("NIOSSL", "swift-nio-ssl", trait: "Examples"),
                product("X509", "swift-certificates", trait: "Examples"),
                product("SwiftASN1", "swift-asn1", trait: "Examples"),
                product("Crypto", "swift-crypto", trait: "Examples"),
                product("HTTPTypes", "swift-http-types", trait: "Examples"),
                product("Logging", "swift-log", trait: "Examples"),
                product("SystemPackage", "swift-system", trait: "Examples"),
                product("ArgumentParser", "swift-argument-parser", trait: "Examples"),
            ], path: "Examples/PocketOS/Provider"),
        .testTarget(name: "AgentKitTests", dependencies: ["AgentKit", "AgentTools", "AgentCore"]),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "SandboxLayerTests", dependencies: ["AgentSandbox"]),
        .testTarget(name: "EnforcementTests", dependencies: ["AgentSandbox"], exclude: ["Probes"]),
        .testTarget(
            name: "ModelsTests",
            dependencies: [
                "AgentModels", "AgentCore", product("Hummingbird", "hummingbird", trait: "Examples"),
                product("HTTPTypes", "swift-http-types", trait: "Examples"), product("Logging", "swift-log", trait: "Examples"),
            ] + nio),
        .testTarget(
            name: "IncidentTests",
            dependencies: ["PocketOSProvider", "AgentModels", "AgentHost", "AgentCore"] + nio),
        .testTarget(name: "CommandLineTests", dependencies: ["AgentCore"]),
        .testTarget(name: "AttackTests", dependencies: ["agentkit"]),
        .testTarget(name: "CoreTests", dependencies: ["AgentCore"]),
        .testTarget(name: "PolicyTests", dependencies: ["AgentPolicy", "AgentCore"]),
        .testTarget(name: "SecretsTests", dependencies: ["AgentSecrets", "AgentCore"]),
        .testTarget(name: "ApprovalsTests", dependencies: ["AgentApprovals", "AgentAudit", "AgentStore", "AgentCore", crypto]),
        .testTarget(name: "AuditTests", dependencies: ["AgentAudit", "AgentStore", "AgentCore"]),
        .testTarget(
            name: "StoreTests", dependencies: ["AgentStore", "AgentAudit", "AgentCore", product("GRDB", "GRDB.swift", trait: "SQLite")]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}
