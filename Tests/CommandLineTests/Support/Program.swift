// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation

/// The built `agentkit` program, run as others run it.
enum Program {
    /// How a run ended.
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let error: String

        /// The output as JSON; `null` where it is none.
        var json: JSONValue { (try? JSONValue.parse(Array(output.utf8))) ?? .null }
        /// The lines of the output.
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// Where the program lies: in `AGENTKIT_BINARIES`, else beside the test bundle.
    static func path() throws -> String {
        var folders: [String] = []
        if let named = ProcessInfo.processInfo.environment["AGENTKIT_BINARIES"] { folders.append(named) }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        for path in [own] + CommandLine.arguments where path.hasPrefix("/") {
            folders.append((path as NSString).deletingLastPathComponent)
        }
        for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/agentkit") { return "\(folder)/agentkit" }
        throw Missing(description: "no `agentkit` in \(folders); build it, or name its folder in AGENTKIT_BINARIES")
    }

    /// Runs a program to its end.
    static func run(
        _ executable: String, _ arguments: [String], in folder: String, environment: [String: String], input: [UInt8]? = nil
    ) async throws -> Outcome {
        let running = try Running(executable, arguments, in: folder, environment: environment, input: input)
        return try await running.outcome()
    }
}

/// A program on its way. Its streams are files, so that nobody has to read along.
final class Running: Sendable {
    let processIdentifier: Int32
    private let ended: AsyncStream<Int32>
    private let files: [String]

    init(
        _ executable: String, _ arguments: [String], in folder: String, environment: [String: String], input: [UInt8]? = nil
    ) throws {
        let base = "\(NSTemporaryDirectory())/agentkit-cli-stream-\(UUID().uuidString)"
        files = ["\(base).in", "\(base).out", "\(base).err"]
        for file in files { FileManager.default.createFile(atPath: file, contents: file.hasSuffix(".in") ? Data(input ?? []) : nil) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = environment
        process.standardInput = input == nil ? FileHandle.nullDevice : try FileHandle(forReadingFrom: URL(fileURLWithPath: files[0]))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: files[1]))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: files[2]))
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        ended = stream
        process.terminationHandler = { process in
            let number = process.terminationStatus
            continuation.yield(process.terminationReason == .uncaughtSignal ? 128 + number : number)
            continuation.finish()
        }
        try process.run()
        processIdentifier = process.processIdentifier
    }

    /// What it wrote to its standard output so far.
    var output: String { String(decoding: FileManager.default.contents(atPath: files[1]) ?? Data(), as: UTF8.self) }

    /// How many bytes it wrote to its standard output so far.
    var outputSize: Int { ((try? FileManager.default.attributesOfItem(atPath: files[1]))?[.size] as? Int) ?? 0 }

    func outcome() async throws -> Program.Outcome {
        var status: Int32 = -1
        for await value in ended { status = value }
        let texts = files.map { FileManager.default.contents(atPath: $0) ?? Data() }
        for file in files { try FileManager.default.removeItem(atPath: file) }
        return Program.Outcome(
            status: status, output: String(decoding: texts[1], as: UTF8.self), error: String(decoding: texts[2], as: UTF8.self))
    }
}
