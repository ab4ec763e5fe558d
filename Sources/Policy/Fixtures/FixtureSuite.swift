// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Runs fixture files against their policies.
public struct FixtureSuite: Sendable {
    /// Makes the resolver that answers for a provider out of the fixture's JSON; `nil` where the provider isn't known.
    public typealias ResolverMaker =
        @Sendable (_ provider: ProviderInventory, _ state: JSONValue) -> (any ResourceResolver)?

    /// Reads a file that a fixture names: the path as written, and the fixture that wrote it.
    public typealias FileReader = @Sendable (_ path: String, _ fixture: String) throws -> String

    private let catalogue: any CatalogueReading
    private let readFile: FileReader
    private let makeResolver: ResolverMaker

    /// Makes a suite that uses the catalogue that ships.
    ///
    /// - Parameters:
    ///   - readFile: Reads what fixtures name.
    ///   - makeResolver: Makes resolvers out of the state that fixtures bring; unless stated, those that ship.
    public init(readFile: @escaping FileReader, makeResolver: ResolverMaker? = nil) {
        self.init(
            catalogue: StandardCatalogue(), readFile: readFile, makeResolver: makeResolver ?? Self.standardResolver)
    }

    /// The resolver that ships for a provider's state: the provider's own where the state has its shape, else a plain one.
    public static let standardResolver: ResolverMaker = { provider, json in
        if provider.name == "railway", let state = RailwayState(json: json) {
            return RailwayFixtureResolver(state: state, labels: provider.environments)
        }
        return StateResolver(provider, state: json)
    }

    package init(catalogue: any CatalogueReading, readFile: @escaping FileReader, makeResolver: @escaping ResolverMaker)
    {
        self.catalogue = catalogue
        self.readFile = readFile
        self.makeResolver = makeResolver
    }

    /// Runs all cases of all files, in parallel; the report keeps their order.
    public func run(_ files: [FixtureFile]) async -> FixtureReport {
        var results: [FixtureReport.Result] = []
        var rules: [String: FixtureReport.RuleCoverage] = [:]
        var problems: [PolicyProblem] = []
        for file in files {
            do {
                let prepared = try prepare(file)
                let ran = await Self.run(file, prepared)
                for rule in prepared.policy.document.rules {
                    let key = "\(rule.position)"
                    let count = ran.count { $0.reasonIDs.contains(rule.reasonID) }
                    let known = rules[key] ?? FixtureReport.RuleCoverage(id: rule.id, position: rule.position, cases: 0)
                    rules[key] = FixtureReport.RuleCoverage(
                        id: rule.id, position: rule.position, cases: known.cases + count)
                }
                results += ran
            } catch {
                problems += error.problems
            }
        }
        return FixtureReport(
            results: results, rules: rules.values.sorted { $0.position < $1.position }, problems: problems)
    }

    private struct Prepared: Sendable {
        let policy: CompiledPolicy
        let resolvers: [String: any ResourceResolver]
    }

    private func prepare(_ file: FixtureFile) throws(PolicyError) -> Prepared {
        let document = try PolicyDocument.read(try text(of: file.policy, for: file), file: file.policy)
        let policy = try CompiledPolicy(document, catalogue: catalogue)
        var resolvers: [String: any ResourceResolver] = [:]
        for (name, path) in file.providers.sorted(by: { $0.key < $1.key }) {
            let state: JSONValue
            do {
                state = try JSONValue.parse(try text(of: path, for: file))
            } catch let error as PolicyError {
                throw error
            } catch {
                throw PolicyError([PolicyProblem("fixture.provider", "`\(path)` is no JSON", at: file.position)])
            }
            guard case .provider(let inventory)? = policy.inventory.providers[name]?.subject else {
                throw PolicyError([
                    PolicyProblem(
                        "fixture.provider",
                        "the policy's inventory has no provider `\(name)`\(NearestName.hint(name, in: policy.inventory.providers.keys))",
                        at: file.position)
                ])
            }
            guard let resolver = makeResolver(inventory, state) else {
                throw PolicyError([
                    PolicyProblem(
                        "fixture.provider", "no resolver is known for the provider `\(name)`", at: file.position)
                ])
            }
            resolvers[name] = resolver
        }
        return Prepared(policy: policy, resolvers: resolvers)
    }

    private func text(of path: String, for file: FixtureFile) throws(PolicyError) -> String {
        do {
            return try readFile(path, file.file)
        } catch {
            throw PolicyError([
                PolicyProblem(
                    "fixture.file", "`\(path)` can't be read; paths start at the fixture's folder", at: file.position)
            ])
        }
    }

    private static func run(_ file: FixtureFile, _ prepared: Prepared) async -> [FixtureReport.Result] {
        await withTaskGroup(of: (Int, FixtureReport.Result).self) { group in
            for (position, fixture) in file.cases.enumerated() {
                group.addTask { (position, await run(fixture, prepared)) }
            }
            var results: [(Int, FixtureReport.Result)] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func run(_ fixture: FixtureFile.Case, _ prepared: Prepared) async -> FixtureReport.Result {
        let policy = prepared.policy
        let environment = fixture.environment.map { EnvironmentLabel($0) } ?? policy.document.session.environment
        let session = SessionContext(
            id: "fixture", environment: environment, workspace: fixture.workspace, principals: ["fixture"])
        let clock = ContinuousClock()
        let start = clock.now
        let decision: Decision
        do {
            let effect = try ToolInput.effect(tool: fixture.tool, input: fixture.input)
            let reading = policy.reader.read(effect, in: session)
            let targets = await DecideLine.resolve(reading.queries, with: prepared.resolvers, policy.environments)
            decision = policy.decide(reading, targets: targets, in: session)
        } catch {
            decision = .deny(
                [Reason("input.invalid", error.description)], environment: policy.environments.mostProtected)
        }
        return FixtureReport.Result(
            name: fixture.name, position: fixture.position, decision: decision,
            differences: differences(decision, fixture.expectation), duration: clock.now - start)
    }

    private static func differences(_ decision: Decision, _ expected: FixtureFile.Expectation) -> [FixtureReport
        .Difference]
    {
        var differences: [FixtureReport.Difference] = []
        func compare(_ field: String, _ expected: String?, _ actual: String) {
            if let expected, expected != actual {
                differences.append(FixtureReport.Difference(field: field, expected: expected, actual: actual))
            }
        }
        compare("decision", expected.outcome?.rawValue, decision.outcome.rawValue)
        compare("class", expected.effectClass?.rawValue, decision.effectClass.rawValue)
        compare("environment", expected.environment, decision.environment.name)
        compare(
            "threshold", expected.threshold.map { String($0) },
            decision.requirement.map { String($0.threshold) } ?? "none")
        let reasons = Set(decision.reasons.map(\.id))
        for id in expected.reasons where !reasons.contains(id) {
            differences.append(
                FixtureReport.Difference(
                    field: "reasons", expected: id, actual: reasons.sorted().joined(separator: ", ")))
        }
        let obligations = Set(decision.obligations.map(\.name))
        for name in expected.obligations where !obligations.contains(name) {
            differences.append(
                FixtureReport.Difference(
                    field: "obligations", expected: name, actual: obligations.sorted().joined(separator: ", ")))
        }
        return differences
    }
}
