// SPDX-License-Identifier: Apache-2.0

/// Where bytes come from, as far as it helps to read them.
public struct DetectionHint: Hashable, Sendable {
    /// The file's path, of which only the name counts.
    public let path: String?
    /// The response's content type.
    public let contentType: String?

    /// Makes a hint.
    public init(path: String? = nil, contentType: String? = nil) {
        self.path = path
        self.contentType = contentType
    }

    /// Nothing is known.
    public static let none = DetectionHint()
}

/// Finds secrets that nobody told it about.
///
/// One pass of an automaton finds anchors: vendors' prefixes, words in names, marks of structures. At each a verifier
/// reads on, no further than a fixed bound, so that the time is linear in the input. What it can't know, it doesn't
/// claim: detection is the second line, absence the first.
public struct SecretDetector: Sendable {
    /// Layers of encoding that are undone.
    static let deepest = 3

    private let engine: AnchorEngine

    /// Makes a detector; the tables are built once for the process.
    public init() { self.engine = AnchorEngine.shared }

    /// The secrets in `bytes`, in order, none overlapping another.
    ///
    /// - Parameter hint: Where the bytes come from.
    public func findings(in bytes: [UInt8], hint: DetectionHint = .none) -> [Finding] {
        findings(in: bytes.span, hint: hint)
    }

    /// The secrets in `bytes`, in order, none overlapping another.
    public func findings(in bytes: borrowing Span<UInt8>, hint: DetectionHint = .none) -> [Finding] {
        var found: [Finding] = []
        engine.collect(bytes, into: &found)
        engine.collectEncoded(bytes, depth: Self.deepest, into: &found)
        PasswordFile.collect(bytes, into: &found)
        return Self.merged(&found)
    }

    /// Findings that identify themselves, for bytes that are no text.
    func selfIdentifying(in bytes: [UInt8]) -> [Finding] {
        findings(in: bytes).filter { $0.kind == .selfIdentifying }
    }

    /// Sorted; where two overlap, one that covers both.
    static func merged(_ found: inout [Finding]) -> [Finding] {
        guard found.count > 1 else { return found }
        found.sort { ($0.start, $1.end) < ($1.start, $0.end) }
        var out: [Finding] = []
        for finding in found {
            guard let last = out.last, finding.start < last.end else {
                out.append(finding)
                continue
            }
            guard finding.end > last.end else { continue }
            out[out.count - 1] = Finding(rule: last.rule, start: last.start, end: finding.end, kind: last.kind)
        }
        return out
    }
}
