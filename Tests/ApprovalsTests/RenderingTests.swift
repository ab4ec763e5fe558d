// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentCore
import Testing

@Suite("What a person is shown is what they sign")
struct RenderingTests {
    static func text(_ act: Desk.Act) throws -> String {
        try ApprovalRendering(try act.describe(TestClock().clock).json).text
    }

    @Test(
        "Nothing but printable ASCII reaches the reader",
        arguments: [
            "\u{202E}drow", "zero\u{200B}width", "p\u{0430}ypal", "\u{1B}[2J", "a\nclass: read", "\u{FEFF}",
            "\u{E0041}", "tab\tx", "\u{7F}",
        ])
    func escapes(_ tricky: String) throws {
        for act in [Desk.Act(volume: tricky), Desk.Act(name: tricky), Desk.Act(blastRadius: [tricky])] {
            let text = try Self.text(act)
            #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
            #expect(!text.contains("\nclass: read"))
        }
    }

    @Test("An escape can't be forged: text that looks like one is escaped itself")
    func isUnambiguous() throws {
        #expect(try Self.text(Desk.Act(volume: "\\u{202E}")) != Self.text(Desk.Act(volume: "\u{202E}")))
        #expect(try Self.text(Desk.Act(volume: "a\", \"b")) != Self.text(Desk.Act(volume: "a\\\", \\\"b")))
    }

    @Test("A resource's name stands below all facts, beside its id, marked, and cut at 280 characters")
    func separatesNames() throws {
        let text = try Self.text(Desk.Act(name: String(repeating: "n", count: 281)))
        let parts = text.split(separator: "--- unverified text, checked by nobody ---\n").map(String.init)
        #expect(parts.count == 2)
        #expect(!parts[0].contains("nnnn"))
        #expect(parts[0].contains("targets[0].id: \"vol-1\""))
        #expect(
            parts[1] == "name of targets[0] vol-1: \"\(String(repeating: "n", count: 280))\" (cut)\n"
                + "words of reasons[0] approvals.irreversible: \"irreversible acts need a signature\"\n")
        #expect(parts[0].contains("reasons[0].id: \"approvals.irreversible\""))
    }

    @Test("The first lines say class, environment, session and who asks")
    func beginsWithFacts() throws {
        let lines = try Self.text(Desk.Act()).split(separator: "\n").prefix(4)
        #expect(
            Array(lines) == [
                "class: irreversible", "environment: staging", "session: 5e551000000000000000000000000001 in staging",
                "asked by: dana@acme.dev > agent:coder",
            ])
    }

    @Test("An act that can't be shown in full can't be approved")
    func refusesLongActs() throws {
        let error = #expect(throws: StateError.self) {
            try Desk.Act(blastRadius: (0..<700).map { "backup-\($0)" }).describe(TestClock().clock)
        }
        #expect(error?.code == .invalid)
        #expect(throws: StateError.self) {
            try Desk.Act(extra: String(repeating: "x", count: 40_000)).describe(TestClock().clock)
        }
    }

    @Test("The text doesn't depend on the order of members, and its digest stands in the descriptor")
    func isDeterministic() throws {
        let json = try Desk.Act().describe(TestClock().clock).json
        let rendering = try ApprovalRendering(json)
        #expect(try ApprovalRendering(try JSONValue.parse(try json.canonical())) == rendering)
        #expect(json["shown"] == .string(rendering.digest.description))
    }

    @Test("Every member of a descriptor is shown: adding one changes the text")
    func showsEverything() throws {
        let json = try Desk.Act().describe(TestClock().clock).json
        let text = try ApprovalRendering(json).text
        for (path, variant) in RedemptionTests.mutations(of: json) where !path.hasPrefix("/shown") {
            // What isn't shown must be refused.
            let other = try? ApprovalRendering(variant)
            #expect(other?.text != text, "\(path) can change unseen")
        }
    }

    @Test("A request whose text isn't the one its digest names is refused")
    func bindsTheText() async throws {
        let desk = try await Desk()
        let act = Desk.Act()
        let honest = try act.describe(desk.time.clock)
        var members = try #require(honest.json.objectValue)
        members["shown"] = .string(Desk.digest(1).description)
        await #expect(throws: StateError.self) {
            try await desk.service.request(
                ActionDescriptor(json: .object(members), act: honest.act), requirement: act.requirement,
                decision: act.decision,
                session: act.session)
        }
    }

    @Test(
        "A number that readers could disagree on has no place in a descriptor",
        arguments: ["1.5", "1e3", "-0", "9007199254740993"])
    func refusesFloats(_ number: String) throws {
        let decision = Desk.Act().decision
        let value = try JSONValue.parse("{\"x\":\(number)}")
        let analysis = EffectAnalysis(effectClass: .irreversible, canonical: value)
        #expect(throws: StateError.self) {
            try ActionDescriptorBuilder(clock: TestClock().clock).describe(
                Effect(.sql(statement: "DROP TABLE t")), analysis, targets: [], decision: decision, policy: Desk.policy,
                session: Desk.session)
        }
    }
}
