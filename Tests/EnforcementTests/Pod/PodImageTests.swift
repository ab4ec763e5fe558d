// SPDX-License-Identifier: Apache-2.0
@testable import AgentSandbox
import Testing

/// One way to compile the C sources: what a debug build, a release build and a build for coverage do.
struct CompilerCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var flags: [String]

    static let all = [
        CompilerCase(testDescription: "debug", flags: ["-O0", "-g", "-fPIC"]),
        CompilerCase(testDescription: "release", flags: ["-O2", "-fPIC", "-ffunction-sections", "-fdata-sections"]),
        CompilerCase(testDescription: "small", flags: ["-Os", "-fstack-protector-all", "-fPIE"]),
        CompilerCase(
            testDescription: "coverage", flags: ["-O0", "-fPIC", "-fprofile-instr-generate", "-fcoverage-mapping"]),
        CompilerCase(testDescription: "address sanitizer", flags: ["-O1", "-fPIC", "-fsanitize=address"]),
    ]

    static var sources: String {
        Outside.environment("AGENTKIT_SOURCES").map { $0 + "/Sources/CSandbox" }
            ?? String(#filePath.dropLast("Tests/EnforcementTests/Pod/PodImageTests.swift".count)) + "Sources/CSandbox"
    }

    func compile(_ source: String, into folder: String) throws -> String {
        let object = "\(folder)/\(source).o"
        let outcome = Outside.run(
            ["clang", "-c", "-Wall", "-Wextra", "-Werror", "-o", object, "\(Self.sources)/\(source).c"] + flags)
        try #require(outcome.succeeded, "\(outcome.output)")
        return object
    }
}

@Suite("The init's image", .requires(program: "clang"), .requires(program: "readelf"))
struct PodImageTests {
    @Test("The init's section refers to nothing outside itself", arguments: CompilerCase.all)
    func relocations(_ scenario: CompilerCase) async throws {
        try await withWorkspace { workspace in
            let object = try scenario.compile("init", into: workspace.outside)
            let sections = Outside.run(["readelf", "-SW", object]).output
            #expect(sections.contains(" ak_init "))
            #expect(!sections.contains(".relaak_init"), "a relocation is a reference out of the section")
            let own = Outside.run(["readelf", "-rW", object]).output.split(separator: "'").filter {
                $0 == ".relaak_init"
            }
            #expect(own.isEmpty)
        }
    }

    @Test("The section that runs is code that can't be written, and stands alone in its image")
    func image() async throws {
        try await withWorkspace { workspace in
            let bytes = InitImage.bytes()
            #expect(bytes.count > 1000 && bytes.count < 32768)
            let path = workspace.outside + "/init"
            Outside.write(bytes: bytes, to: path)
            let headers = Outside.run(["readelf", "-hlW", path]).output
            #expect(headers.contains("EXEC (Executable file)"))
            #expect(headers.split(separator: "\n").filter { $0.contains("LOAD") && !$0.contains("R E") }.isEmpty)
            #expect(!headers.contains("INTERP") && !headers.contains("DYNAMIC"))
            // Every address that the code names lies in the image: calls, jumps and data relative to the instruction.
            let code = Outside.run([
                "objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "--start-address=256", "--adjust-vma=0", path,
            ]).output
            let targets = code.split(separator: "\n").compactMap { line -> UInt64? in
                guard let instruction = line.split(separator: "\t").last else { return nil }
                let words = instruction.split(separator: " ")
                guard words.count >= 2, words[0].hasPrefix("j") || words[0] == "call" || instruction.contains("(%rip)")
                else { return nil }
                return (words.last?.hasPrefix("0x") ?? false)
                    ? UInt64(words[words.count - 1].dropFirst(2), radix: 16) : UInt64.max
            }
            #expect(targets.count > 50)
            #expect(targets.allSatisfy { $0 >= 256 && $0 < UInt64(bytes.count) })
        }
    }

    @Test(
        "The code between clone and exec needs nothing of the library but clone's stack switch and errno",
        arguments: CompilerCase.all.prefix(3))
    func symbols(_ scenario: CompilerCase) async throws {
        try await withWorkspace { workspace in
            let object = try scenario.compile("child", into: workspace.outside)
            let undefined = Outside.run(["nm", "-u", object]).output.split(separator: "\n").compactMap {
                $0.split(separator: " ").last
            }
            let allowed: Set<Substring> = ["clone", "__errno_location", "__stack_chk_fail", "__stack_chk_guard"]
            #expect(Set(undefined).subtracting(allowed) == [])
        }
    }

    @Test("The init's memory holds nothing of the host's", .enforced, .asRoot)
    func memory() async throws {
        try await withWorkspace { workspace in
            // A pod is open while the init's maps are looked at from outside, with the host's own authority.
            try await withPod(workspace.plan) { (pod) async throws in
                let script = """
                    for p in /proc/[0-9]*; do
                      [ "$(tr '\\0' ' ' < $p/cmdline)" = "agentkit-init " ] || continue
                      echo "$p"; sed -n 's|.* \\([[/].*\\)|\\1|p' $p/maps; cat $p/environ
                    done
                    """
                let seen = Outside.shell("exec 2>/dev/null\n" + script).output
                #expect(seen.contains("/proc/"))
                let names = Set(seen.split(separator: "\n").filter { !$0.hasPrefix("/proc/") })
                let allowed = [
                    "/memfd:agentkit-init", "/memfd:agentkit-program", "[stack]", "[vvar]", "[vvar_vclock]", "[vdso]",
                    "[vsyscall]",
                ]
                #expect(names.allSatisfy { name in allowed.contains { name.hasPrefix($0) } }, "\(names)")
                #expect(names.contains { $0.hasPrefix("/memfd:agentkit-init") })
            }
        }
    }
}
