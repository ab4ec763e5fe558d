// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// How fixtures ended.
public struct FixtureReport: Sendable {
    /// One field that came out otherwise than stated.
    public struct Difference: Hashable, Sendable {
        /// The key under `expect`.
        public let field: String
        /// What the fixture states.
        public let expected: String
        /// What came.
        public let actual: String
    }

    /// One case that ran.
    public struct Result: Sendable {
        /// The case's name.
        public let name: String
        /// Where it stands.
        public let position: SourcePosition
        /// The decision that came.
        public let decision: Decision
        /// Empty where the case passed.
        public let differences: [Difference]
        /// How long deciding took.
        public let duration: Duration

        /// Whether everything came out as stated.
        public var isPassed: Bool { differences.isEmpty }
        var reasonIDs: Set<String> { Set(decision.reasons.map(\.id)) }
    }

    /// How many cases a rule took part in.
    public struct RuleCoverage: Hashable, Sendable {
        /// The rule's id.
        public let id: String
        /// Where it stands.
        public let position: SourcePosition
        /// How many cases it took part in.
        public let cases: Int
    }

    /// The cases in the order of the files.
    public let results: [Result]
    /// The rules of all policies in the order of the files.
    public let rules: [RuleCoverage]
    /// Files that couldn't be run.
    public let problems: [PolicyProblem]

    /// Whether every case ran and passed. No case at all is a failure.
    public var isPassed: Bool { problems.isEmpty && !results.isEmpty && results.allSatisfy(\.isPassed) }
    /// The rules that no case reached.
    public var unreachedRules: [RuleCoverage] { rules.filter { $0.cases == 0 } }

    /// The report for people: each failed case with its differences and reasons, unreached rules, and a count.
    public var text: String {
        var lines = problems.map(\.description)
        for result in results where !result.isPassed {
            lines.append("\(result.position): FAILED \(result.name)")
            for difference in result.differences {
                lines.append("  - \(difference.field): \(difference.expected)")
                lines.append("  + \(difference.field): \(difference.actual)")
            }
            lines.append("  because:")
            for reason in result.decision.reasons {
                lines.append("    \(reason.id): \(reason.message)" + (reason.location.map { " (\($0))" } ?? ""))
            }
        }
        for rule in unreachedRules { lines.append("\(rule.position): no case reaches rule `\(rule.id)`") }
        let failed = results.count { !$0.isPassed }
        lines.append(
            "\(results.count - failed) passed, \(failed) failed, \(unreachedRules.count) of \(rules.count) rules not reached"
        )
        return lines.joined(separator: "\n") + "\n"
    }

    /// The report in JUnit's XML.
    public var junit: String {
        let failed = results.count { !$0.isPassed }
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml +=
            "<testsuites><testsuite name=\"policy\" tests=\"\(results.count + problems.count)\" failures=\"\(failed)\" errors=\"\(problems.count)\">\n"
        for problem in problems {
            let file = Self.escaped(problem.position.file)
            xml +=
                "<testcase classname=\"\(file)\" name=\"load\"><error message=\"\(Self.escaped(problem.description))\"/></testcase>\n"
        }
        for result in results {
            let seconds =
                Double(result.duration.components.attoseconds) / 1e18 + Double(result.duration.components.seconds)
            xml +=
                "<testcase classname=\"\(Self.escaped(result.position.file))\" name=\"\(Self.escaped(result.name))\" time=\"\(seconds)\">"
            if !result.isPassed {
                let summary = result.differences.map { "\($0.field): expected \($0.expected), got \($0.actual)" }
                    .joined(separator: "; ")
                let reasons = result.decision.reasons.map { "\($0.id): \($0.message)" }.joined(separator: "\n")
                xml += "<failure message=\"\(Self.escaped(summary))\">\(Self.escaped(reasons))</failure>"
            }
            xml += "</testcase>\n"
        }
        return xml + "</testsuite></testsuites>\n"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            // XML 1.0 has no other control characters.
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
