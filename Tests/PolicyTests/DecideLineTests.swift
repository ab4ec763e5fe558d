// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

@Suite("Answering lines")
struct DecideLineTests {
    private func answer(_ line: String) throws -> JSONValue {
        let answerer = DecideLine(policy: try PolicySample.compiled(), session: PolicySample.session())
        var output: [UInt8] = []
        answerer.answerOffline(Array(line.utf8), into: &output)
        #expect(output.last == 0x0A)
        return try JSONValue.parse(output)
    }

    @Test(
        "A line gets its decision under its own id",
        arguments: [
            (#"{"id":"a","tool":"file.read","input":{"path":"x"}}"#, "permit"),
            (#"{"id":"a","tool":"file.read","input":{"path":"/etc/passwd"}}"#, "deny"),
            (#"{"id":"a","tool":"shell","input":{"command":"npm test"}}"#, "permit"),
            (#"{"id":"a","tool":"shell","input":{"argv":["/usr/bin/git","push","--force"]}}"#, "deny"),
            (#"{"id":"a","tool":"http.request","input":{"url":"https://packages.acme.dev/x"}}"#, "permit"),
            (
                #"{"id":"a","tool":"http.request","input":{"method":"POST","url":"https://packages.acme.dev/x","body":{"a":1}}}"#,
                "deny"
            ),
            (
                #"{"id":"a","tool":"graphql","input":{"url":"https://api.staging.acme.dev/graphql","query":"{ me { id } }"}}"#,
                "permit"
            ),
            (#"{"id":"a","tool":"sql","input":{"statement":"DROP TABLE a"}}"#, "deny"),
        ])
    func decides(_ line: String, _ decision: String) throws {
        let value = try answer(line)
        #expect(value["id"] == "a")
        #expect(value["decision"]?.stringValue == decision, "\(value)")
        #expect(value["reasons"]?.arrayValue?.isEmpty == false)
        #expect(value["class"]?.stringValue != nil)
        #expect(value["environment"]?.stringValue != nil)
        #expect(value["obligations"]?.arrayValue != nil)
    }

    @Test(
        "A line that can't be read is denied and says why",
        arguments: [
            "", "not json", "[]", #"{"id":7}"#, #"{"id":7,"tool":"shell"}"#,
            #"{"id":7,"tool":"shel","input":{"command":"ls"}}"#,
            #"{"id":7,"tool":"shell","input":{"command":"ls","argv":["ls"]}}"#, #"{"id":7,"tool":"shell","input":{}}"#,
            #"{"id":7,"tool":"shell","input":{"argv":[]}}"#, #"{"id":7,"tool":"shell","input":{"argv":["a",1]}}"#,
            #"{"id":7,"tool":"file.read","input":{"path":1}}"#,
            #"{"id":7,"tool":"file.read","input":{"path":"a","path":"b"}}"#,
            #"{"id":7,"tool":"http.request","input":{"url":"https://packages.acme.dev","headers":7}}"#,
        ])
    func refuses(_ line: String) throws {
        let value = try answer(line)
        #expect(value["decision"] == "deny")
        #expect(value["reasons"]?[0]?["id"] == "input.invalid")
    }

    @Test("What comes back is one line of JSON, whatever came in")
    func oneLine() throws {
        let value = try answer(#"{"id":"\"\n\u0001","tool":"file.read","input":{"path":"a\n\"b"}}"#)
        #expect(value["id"] == "\"\n\u{1}")
    }

    @Test("Resolvers are asked, and prove what offline stays unproven")
    func online() async throws {
        let policy = try PolicySample.compiled()
        guard case .provider(let inventory)? = policy.inventory.providers["railway"]?.subject else { return }
        let resolver = StateResolver(inventory, state: ["volumes": ["v2": ["env-7f3a"]]])
        let line = Array(
            #"{"id":1,"tool":"http.request","input":{"method":"POST","url":"https://backboard.railway.app/op/a/reversible/v2"}}"#
                .utf8)
        var output: [UInt8] = []
        await DecideLine(policy: policy, session: PolicySample.session(), resolvers: ["railway": resolver]).answer(
            line, into: &output)
        #expect(try JSONValue.parse(output)["decision"] == "permit")
        output = []
        await DecideLine(policy: policy, session: PolicySample.session()).answer(line, into: &output)
        #expect(try JSONValue.parse(output)["decision"] == "deny")
    }
}
