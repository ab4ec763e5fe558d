// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Layering")
struct LayeringTests {
    /// A folder and the modules of the project that it may import. Other packages are the manifest's business.
    struct Layer: Sendable, CustomTestStringConvertible {
        let folder: String
        let allowed: Set<String>
        var testDescription: String { folder }
    }

    static let backEnds = [
        "AgentPolicy", "AgentApprovals", "AgentSecrets", "AgentAudit", "AgentStore", "AgentSandbox", "AgentEgress",
        "AgentModels", "AgentMCP",
    ]
    static let own = Set(
        backEnds + ["AgentCore", "AgentKit", "AgentTools", "AgentHost", "agentkit", "CSandbox", "CLayer", "CSeccomp"])

    static let layers: [Layer] = [
        Layer(folder: "Sources/Core", allowed: []),
        Layer(folder: "Sources/AgentKit", allowed: ["AgentCore"]),
        Layer(folder: "Sources/Tools", allowed: ["AgentKit"]),
        Layer(folder: "Sources/Policy", allowed: ["AgentCore"]),
        Layer(folder: "Sources/Approvals", allowed: ["AgentCore"]),
        Layer(folder: "Sources/Secrets", allowed: ["AgentCore"]),
        Layer(folder: "Sources/Audit", allowed: ["AgentCore"]),
        Layer(folder: "Sources/Store", allowed: ["AgentCore"]),
        Layer(folder: "Sources/Sandbox", allowed: ["AgentCore", "CSandbox", "CLayer", "CSeccomp"]),
        Layer(folder: "Sources/Egress", allowed: ["AgentCore"]),
        Layer(folder: "Sources/Models", allowed: ["AgentCore"]),
        Layer(folder: "Sources/MCP", allowed: ["AgentCore", "AgentKit"]),
        Layer(folder: "Sources/Host", allowed: Set(backEnds + ["AgentCore", "AgentKit", "AgentTools"])),
        Layer(folder: "Sources/CLI", allowed: own.subtracting(["agentkit"])),
        Layer(folder: "Examples", allowed: own.subtracting(["agentkit"])),
    ]

    @Test("Imports follow the arrows: siblings never, back ends know the core only", arguments: layers)
    func imports(_ layer: Layer) {
        for file in SourceTree.project.files(in: layer.folder) {
            let forbidden = file.imports.intersection(Self.own).subtracting(layer.allowed)
            #expect(forbidden.isEmpty, "\(file.path) imports \(forbidden.sorted())")
        }
    }

    @Test("Every folder of sources has its place in the layers")
    func completeness() {
        let known = Self.layers.map(\.folder)
        for file in SourceTree.project.files(in: "Sources") {
            #expect(
                known.contains { file.path.hasPrefix($0 + "/") }, "\(file.path) lies in a folder that no layer names")
        }
    }

    @Test(
        "The core does no I/O: it imports the standard library's modules, and the C library in its unsafe folder only")
    func pureCore() {
        for file in SourceTree.project.files(in: "Sources/Core") {
            let allowed: Set<String> =
                file.path.contains("/Unsafe/") ? ["Glibc", "Synchronization"] : ["Synchronization"]
            #expect(file.imports.subtracting(allowed).isEmpty, "\(file.path) imports \(file.imports.sorted())")
        }
    }

    @Test("An authorisation is made by the monitor and nowhere else")
    func minting() {
        let places = SourceTree.project.files(in: "Sources").flatMap { file in
            file.places(mentioning: ["AuthorizedInvocation("]) { line, _ in line.contains("AuthorizedInvocation(") }.map
            { _ in file.path }
        }
        #expect(Set(places) == ["Sources/AgentKit/Monitor/ReferenceMonitor.swift"])
    }
}
