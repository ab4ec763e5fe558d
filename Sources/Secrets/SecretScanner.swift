// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Looks for secrets in files, for `agentkit secrets scan`.
public struct SecretScanner: Sendable {
    /// A find in a file.
    public struct Hit: Hashable, Sendable {
        /// The file, below the path that was given.
        public let path: String
        /// The rule's id.
        public let rule: String
        /// From 1.
        public let line: Int
        /// In bytes, from 1.
        public let column: Int
        /// Byte offsets in the file.
        public let range: Range<Int>
        /// The line with every secret in it blotted out, at most 160 bytes.
        public let preview: String
    }

    /// What a scan saw.
    public struct Report: Hashable, Sendable {
        /// All finds, file by file.
        public var hits: [Hit] = []
        /// How many files were read.
        public var files = 0
        /// How many bytes were read.
        public var bytes = 0
        /// Paths that could not be read, or were too large, each with why.
        public var skipped: [String] = []
    }

    private let detector = SecretDetector()
    /// Larger files are skipped and named.
    private let limitBytes: Int

    /// Makes a scanner.
    ///
    /// - Parameter limitBytes: The largest file that is read, in bytes.
    public init(limitBytes: Int = 16 << 20) { self.limitBytes = limitBytes }

    /// Scans files and everything below folders. Symbolic links are not followed; of `.git` only what can hold a secret
    /// in the open is read.
    public func scan(_ paths: [String]) -> Report {
        var report = Report()
        for path in paths { FileWalk.visit(path, limit: limitBytes) { scan($0, into: &report) } }
        return report
    }

    private func scan(_ visited: FileWalk.Visit, into report: inout Report) {
        switch visited {
        case .skipped(let path, let why): report.skipped.append("\(path): \(why)")
        case .file(let path, let bytes):
            report.files += 1
            report.bytes += bytes.count
            report.hits += hits(in: bytes, path: path)
        }
    }

    /// The finds in one file's content.
    public func hits(in bytes: [UInt8], path: String) -> [Hit] {
        let findings =
            SecretRedactor.isBinary(bytes)
            ? detector.selfIdentifying(in: bytes) : detector.findings(in: bytes, hint: DetectionHint(path: path))
        guard !findings.isEmpty else { return [] }
        var hits: [Hit] = []
        var line = 1
        var lineStart = 0
        var position = 0
        for finding in findings {
            while position < finding.start {
                if bytes[position] == 0x0a {
                    line += 1
                    lineStart = position + 1
                }
                position += 1
            }
            hits.append(
                Hit(
                    path: path, rule: finding.rule, line: line, column: finding.start - lineStart + 1,
                    range: finding.range,
                    preview: Self.preview(bytes, lineStart, findings)))
        }
        return hits
    }

    private static func preview(_ bytes: [UInt8], _ lineStart: Int, _ findings: [Finding]) -> String {
        var out: [UInt8] = []
        var position = lineStart
        while position < bytes.count, bytes[position] != 0x0a, out.count < 160 {
            if let finding = findings.first(where: { $0.range.contains(position) }) {
                out += Array("[\(finding.rule)]".utf8)
                position = finding.end
                continue
            }
            let byte = bytes[position]
            out.append(byte < 0x20 || byte == 0x7f ? 0x20 : byte)
            position += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// One line of `agentkit secrets scan --jsonl`: `{"id","text"}` in, `{"id","findings":[{"rule","start","end"}]}`
    /// out, offsets in bytes of UTF-8.
    ///
    /// - Returns: The answer, or an object with `error` where the line is no such object.
    public func scanLine(_ line: [UInt8]) -> [UInt8] {
        let text = String(decoding: line, as: UTF8.self)
        guard let value = try? JSONValue.parse(text), let scanned = value["text"]?.stringValue else {
            return Array("{\"error\":\"the line is no object with a `text`\"}".utf8)
        }
        var answer = JSONObject()
        answer["id"] = value["id"]
        answer["findings"] = .array(
            detector.findings(in: Array(scanned.utf8)).map { finding in
                [
                    "rule": .string(finding.rule), "start": .integer(Int64(finding.start)),
                    "end": .integer(Int64(finding.end)),
                ]
            })
        return JSONValue.object(answer).serializedBytes()
    }

    /// A whole file, at most 16 MiB of it.
    package static func read(_ path: String) throws(SecretsError) -> [UInt8] {
        try FileWalk.read(path, limit: 16 << 20)
    }
}
