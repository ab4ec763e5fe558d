// SPDX-License-Identifier: Apache-2.0
import AgentSandbox
import Testing

@Suite("Calls of a pod", .enforced)
struct PodCallTests {
    @Test("A program's code, signal and streams come back")
    func results() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                #expect(try await pod.shell("echo out; echo err >&2; exit 7").ending == .exited(7))
                let report = try await pod.shell("echo out; echo err >&2")
                #expect(report.outputText == "out\n" && report.errorText == "err\n" && report.succeeded)
                let again = try await pod.shell("echo out > /dev/stdout; echo err | tee /dev/stderr > /dev/null")
                #expect(again.outputText == "out\n" && again.errorText == "err\n")
                #expect(try await pod.shell("kill -9 $$").ending == .signalled(9))
                #expect(try await pod.shell("pwd").outputText == workspace.path + "\n")
            }
        }
    }

    @Test("Input is nothing, bytes or a descriptor")
    func input() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                var call = PodCall(["cat"])
                #expect(try await pod.run(call).outputText == "")
                let bytes = [UInt8](repeating: 65, count: 300_000)
                call.input = .bytes(bytes)
                #expect(try await pod.run(call).standardOutput == bytes)
                Outside.write("from a file", to: workspace.outside + "/input")
                call.input = .descriptor(OwnedDescriptor(taking: Outside.openLeaking(workspace.outside + "/input")))
                #expect(try await pod.run(call).outputText == "from a file")
            }
        }
    }

    @Test("A program that isn't there, can't be executed, or starts in no folder, is an error with its step")
    func failures() async throws {
        try await withWorkspace { workspace in
            Outside.write("no program", to: workspace.path + "/text")
            try await withPod(workspace.plan) { (pod) async throws in
                let missing = await #expect(throws: SandboxError.self) {
                    _ = try await pod.run(PodCall(["no-such-program"]))
                }
                #expect(missing?.code == .programNotFound)
                let gone = await #expect(throws: SandboxError.self) {
                    _ = try await pod.run(PodCall(["/usr/bin/no-such-program"]))
                }
                #expect(gone?.code == .programNotFound)
                let refused = await #expect(throws: SandboxError.self) { _ = try await pod.run(PodCall(["./text"])) }
                #expect(refused?.code == .callFailed && refused?.stage.description == "exec" && refused?.errno == 13)
                var call = PodCall(["true"])
                call.workingDirectory = "/nowhere"
                let nowhere = await #expect(throws: SandboxError.self) { _ = try await pod.run(call) }
                #expect(nowhere?.stage.description == "directory")
                let empty = await #expect(throws: SandboxError.self) { _ = try await pod.run(PodCall([])) }
                #expect(empty?.code == .invalidPlan)
            }
        }
    }

    @Test("Output beyond the limit is dropped and counted, or ends the call")
    func outputLimit() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                var call = PodCall(["/bin/sh", "-c", "head -c 100000 /dev/zero; head -c 5 /dev/zero >&2"])
                call.limitBytes = 1000
                let report = try await pod.run(call)
                #expect(report.standardOutput.count == 1000 && report.droppedOutput == 99_000)
                #expect(report.standardError.count == 5 && report.droppedError == 0 && report.succeeded)
                call = PodCall(["cat", "/dev/zero"])
                call.limitBytes = 1000
                call.excessOutput = .end
                #expect(try await pod.run(call).ending == .outputLimit)
            }
        }
    }

    @Test("Output arrives in pieces while the program runs")
    func streaming() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                let (pieces, continuation) = AsyncStream.makeStream(of: String.self)
                // The program goes on only after its first piece was seen outside.
                let task = try pod.start(
                    PodCall(["/bin/sh", "-c", "trap 'echo second; exit 3' USR1; echo first; sleep 20 & wait"])
                ) {
                    _, bytes in continuation.yield(String(decoding: bytes, as: UTF8.self))
                }
                async let report = task.report()
                for await piece in pieces {
                    if piece.contains("first") { task.signal(10) }
                    if piece.contains("second") { break }
                }
                #expect(try await report.ending == .exited(3))
            }
        }
    }

    @Test("Many calls run at once, each with its own process tree")
    func concurrent() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                // Each sees itself, its init and the few processes of its own pipeline; never those of its neighbours.
                let script = "sleep 0.2; [ $(ls -d /proc/[0-9]* | wc -l) -le 6 ] && echo $$"
                let outputs = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<24 { group.addTask { try await pod.shell(script).outputText } }
                    return try await group.reduce(into: [String]()) { $0.append($1) }
                }
                #expect(outputs == [String](repeating: "2\n", count: 24))
            }
        }
    }

    @Test("A pod that runs as many calls as it can refuses another")
    func tooMany() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let (started, continuation) = AsyncStream.makeStream(of: Void.self)
                    for _ in 0..<Pod.mostCalls {
                        group.addTask {
                            _ = try await pod.run(PodCall(["/bin/sh", "-c", "echo; exec sleep 60"])) { _, _ in
                                continuation.yield()
                            }
                        }
                    }
                    var count = 0
                    for await _ in started {
                        count += 1
                        if count == Pod.mostCalls { break }
                    }
                    let refused = await #expect(throws: SandboxError.self) { _ = try await pod.run(PodCall(["true"])) }
                    #expect(refused?.code == .tooManyCalls)
                    group.cancelAll()
                    try await group.waitForAll()
                }
                #expect(try await pod.shell("echo free").outputText == "free\n")
            }
        }
    }

    @Test("Limits hold: memory, processes, file size, processor time")
    func limits() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                func run(_ script: String, _ change: (inout PodCall.Limits) -> Void) async throws -> ExitReport {
                    var call = PodCall(["python3", "-c", script])
                    call.timeout = .seconds(30)
                    change(&call.limits)
                    return try await pod.run(call)
                }
                let memory = try await run("x = bytearray(400 << 20); print('REACHED')") { $0.memoryBytes = 200 << 20 }
                #expect(memory.errorText.contains("MemoryError") && reached(memory.outputText).isEmpty)
                let forks =
                    "import os\nfor i in range(80):\n  if os.fork() == 0:\n    import time; time.sleep(20)\nprint('REACHED')"
                let processes = try await run(forks) { $0.processes = 40 }
                #expect(processes.errorText.contains("BlockingIOError"))
                let size = try await run("open('f','wb').write(bytes(2 << 20))") { $0.fileBytes = 1 << 20 }
                #expect(!size.succeeded)
                let time = try await run("while True: pass") { $0.processorSeconds = 1 }
                #expect(time.ending == .signalled(24))
            }
        }
    }
}
