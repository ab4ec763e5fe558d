// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

/// A generator that gives the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Properties of decisions")
struct PropertyTests {
    private static let cases =
        DecisionTests.files + DecisionTests.programs + DecisionTests.requests + DecisionTests.operations
        + DecisionTests.secrets

    private func decide(_ policy: CompiledPolicy, _ scenario: DecisionCase) -> Decision {
        let session = PolicySample.session(scenario.session)
        return policy.decide(
            scenario.effect, policy.analyse(scenario.effect, in: session), targets: scenario.targets, in: session)
    }

    @Test("The order of rules never changes a decision", arguments: 0..<20)
    func shuffling(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let document = try PolicyDocument.read(PolicySample.full, file: "agentkit.yaml")
        let plain = try CompiledPolicy(document, catalogue: SampleCatalogue())
        let shuffled = try CompiledPolicy(
            document.replacing(rules: document.rules.shuffled(using: &generator)), catalogue: SampleCatalogue())
        for scenario in Self.cases { #expect(decide(plain, scenario) == decide(shuffled, scenario)) }
    }

    @Test("Taking permissions away never permits more", arguments: 0..<20)
    func narrowing(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let document = try PolicyDocument.read(PolicySample.full, file: "agentkit.yaml")
        let plain = try CompiledPolicy(document, catalogue: SampleCatalogue())
        let kept = document.rules.filter { $0.verdict == .deny || Bool.random(using: &generator) }
        let narrow = try CompiledPolicy(document.replacing(rules: kept), catalogue: SampleCatalogue())
        for scenario in Self.cases where decide(plain, scenario).outcome == .deny {
            #expect(decide(narrow, scenario).outcome == .deny)
        }
    }

    @Test("Without any rule nothing is permitted")
    func nothing() throws {
        let document = try PolicyDocument.read(PolicySample.full, file: "agentkit.yaml")
        let empty = try CompiledPolicy(document.replacing(rules: []), catalogue: SampleCatalogue())
        for scenario in Self.cases { #expect(decide(empty, scenario).outcome == .deny) }
    }

    @Test("A session that the policy doesn't know gets nothing")
    func unknownSession() throws {
        let policy = try PolicySample.compiled()
        for scenario in Self.cases {
            let session = PolicySample.session("sandbox")
            let decision = policy.decide(
                scenario.effect, policy.analyse(scenario.effect, in: session), targets: scenario.targets, in: session)
            #expect(decision.outcome == .deny)
        }
    }

    @Test("A caller can add problems to an analysis and not take any away")
    func problems() throws {
        let policy = try PolicySample.compiled()
        let session = PolicySample.session()
        let effect = Effect(.readFile(path: "a"))
        let added = EffectAnalysis(
            effectClass: .read, problems: [Reason("gate.saw", "a gate saw something")], canonical: .null)
        #expect(policy.decide(effect, added, targets: [], in: session).outcome == .deny)
        let literal = Effect(
            DecisionCase.get(
                "https://api.staging.acme.dev/v1", headers: [.init("Authorization", "Bearer abcdefghijklmnop")]))
        let cleaned = EffectAnalysis(effectClass: .read, canonical: .null)
        #expect(
            policy.decide(literal, cleaned, targets: [], in: session).reasons.map(\.id).contains("credential.literal"))
    }

    @Test("The digest follows the file and the catalogue")
    func digest() throws {
        let first = try PolicySample.compiled()
        #expect(first.digest == (try PolicySample.compiled()).digest)
        #expect(first.digest != (try PolicySample.compiled(PolicySample.full + "\n# a comment")).digest)
        #expect(first.digest != (try PolicySample.compiled(catalogue: EmptyCatalogue())).digest)
    }

    @Test("Every reason that cites a rule says where the rule stands")
    func locations() throws {
        let policy = try PolicySample.compiled()
        for scenario in Self.cases {
            for reason in decide(policy, scenario).reasons
            where reason.id.hasPrefix("rule.") || reason.id == "inventory.entry" {
                #expect(reason.location?.hasPrefix("agentkit.yaml:") == true)
            }
        }
    }
}
