// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// Without traits AgentKit fetches no network stack, no database and no web server.
let package = Package(
    name: "EmbedMinimal",
    dependencies: [.package(name: "AgentKit", path: "../..", traits: [])],
    targets: [
        .executableTarget(
            name: "EmbedMinimal",
            dependencies: [
                .product(name: "AgentHost", package: "AgentKit"), .product(name: "AgentKit", package: "AgentKit"),
                .product(name: "AgentTools", package: "AgentKit"),
            ])
    ]
)
