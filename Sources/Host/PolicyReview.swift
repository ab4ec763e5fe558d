// SPDX-License-Identifier: Apache-2.0

public import AgentPolicy
internal import AgentCore

/// Looks at policies and their fixtures before they bind anything.
public enum PolicyReview {
    /// Errors and warnings of one policy file.
    ///
    /// - Throws: `HostError` where the file can't be read at all.
    public static func problems(of file: String) throws(HostError) -> [PolicyProblem] {
        guard let bytes = HostFiles.read(file, limitBytes: 4 << 20) else {
            throw HostError(.usage, "the policy file `\(file)` can't be read or is larger than 4 MiB")
        }
        do throws(PolicyError) {
            let document = try PolicyDocument.read(String(decoding: bytes, as: UTF8.self), file: file)
            return PolicyLint.warnings(in: document)
        } catch {
            return error.problems
        }
    }

    /// Runs fixture files, and those in folders.
    public static func test(_ paths: [String]) async throws(HostError) -> FixtureReport {
        var files: [FixtureFile] = []
        var found: [String] = []
        for path in paths { found += try fixtures(at: path) }
        for path in found {
            guard let bytes = HostFiles.read(path, limitBytes: 4 << 20) else { throw HostError(.usage, "the fixture file `\(path)` can't be read") }
            do throws(PolicyError) { files.append(try FixtureFile.read(String(decoding: bytes, as: UTF8.self), file: path)) } catch {
                throw HostError(.policy, error.description)
            }
        }
        let suite = FixtureSuite(
            readFile: { path, fixture in
                guard let bytes = HostFiles.read(Host.path(path, beside: fixture), limitBytes: 16 << 20) else {
                    throw HostError(.usage, "`\(path)`, which `\(fixture)` names, can't be read")
                }
                return String(decoding: bytes, as: UTF8.self)
            },
            makeResolver: { provider, state in ProviderResolvers.fixture(provider, state) })
        return await suite.run(files)
    }

    private static func fixtures(at path: String) throws(HostError) -> [String] {
        guard HostFiles.isFolder(path) else { return [path] }
        let names = HostFiles.names(in: path).filter { $0.hasSuffix(".fixtures.yaml") || $0.hasSuffix("_test.yaml") || $0.hasSuffix(".test.yaml") }
        let folder = "\(path)/fixtures"
        let inner = HostFiles.names(in: folder).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        let found = names.map { "\(path)/\($0)" } + inner.map { "\(folder)/\($0)" }
        guard !found.isEmpty else { throw HostError(.usage, "the folder `\(path)` holds no fixtures (*.fixtures.yaml, *_test.yaml, fixtures/*.yaml)") }
        return found
    }
}
