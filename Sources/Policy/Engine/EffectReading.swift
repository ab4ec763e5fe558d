// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// What an effect consists of: every act in it needs a permission of its own.
struct EffectReading: Sendable {
    var effectClass: EffectClass
    /// The class of what no copy-on-write layer takes back; decides whether an approval is needed.
    var lastingClass: EffectClass = .read
    var acts: [Act] = []
    /// Operations that have to be permitted and proven.
    var operations: [EffectAnalysis.Operation] = []
    /// Operations inside the layer; named, and not judged by `operation` permissions.
    var contained: [EffectAnalysis.Operation] = []
    var stated: [ResolvedTarget] = []
    /// Grounds of the stated targets, and what could not be read.
    var notes: [Reason] = []
    var problems: [Reason] = []
    var writesToLayer = false
    /// Whether a commit deletes more than the policy lets one delete without a person.
    var deletesTooMany = false
    var canonical: JSONValue = .null

    /// One thing that happens, as rules see it.
    enum Act: Sendable {
        case readFile(Location)
        case writeFile(Location)
        case commit(Location)
        case program(Program)
        /// The shell itself, or a program whose name only running would tell.
        case unknownProgram
        case request(RequestAct)
        case operation(EffectAnalysis.Operation)
        case statement([EffectAnalysis.Operation])
        /// A commit that changes nothing.
        case nothing
    }

    /// A file by path.
    struct Location: Sendable {
        let segments: [[UInt8]]
        let shown: String
    }

    /// A program that runs in the pod.
    struct Program: Sendable {
        /// Every file it could be: one for a path, one per search folder for a bare name.
        let candidates: [[[UInt8]]]
        let argv: [String?]
        let shown: String
    }

    /// A request that leaves.
    struct RequestAct: Sendable {
        let target: TargetURL
        let method: String
        let knowsEndpoint: Bool
        let operations: [EffectAnalysis.Operation]
        /// Credentials that the caller names, or whose placeholder stands in the request.
        let credentials: [CredentialUse]
        /// Names of headers and parameters that are filled already, in lower case.
        let filled: Set<String>
    }

    /// One credential in a request.
    struct CredentialUse: Hashable, Sendable {
        let secret: String?
        /// Where its placeholder stands; `nil` where the caller names it.
        let field: Field?
    }

    /// A field of a request with its whole value.
    enum Field: Hashable, Sendable {
        case header(name: String, value: String, placeholder: String)
        case query(name: String, value: String, placeholder: String)
        case elsewhere
    }

    /// All questions for providers.
    var queries: [ResourceQuery] { operations.flatMap(\.queries) }

    /// What the port shows of it.
    var analysis: EffectAnalysis {
        EffectAnalysis(
            effectClass: effectClass, operations: operations + contained, stated: stated, problems: problems,
            canonical: canonical)
    }
}
