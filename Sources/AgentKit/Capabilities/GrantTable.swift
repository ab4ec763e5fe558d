// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Which grants live: a tree in which revoking or exhausting one ends everything derived from it.
final class GrantTable: Sendable {
    struct Grant {
        let parent: Int?
        let kind: String
        let expires: ContinuousClock.Instant?
        var remainingUses: Int?
        var isRevoked = false
    }

    private let grants = Mutex<[Grant]>([])
    private let now: @Sendable () -> ContinuousClock.Instant

    init(now: @escaping @Sendable () -> ContinuousClock.Instant) { self.now = now }

    func add(kind: String, parent: Int?, expires: ContinuousClock.Instant?, uses: Int?) -> Int {
        grants.withLock { grants in
            grants.append(Grant(parent: parent, kind: kind, expires: expires, remainingUses: uses))
            return grants.count - 1
        }
    }

    func expiry(after duration: Duration?) -> ContinuousClock.Instant? { duration.map { now() + $0 } }

    /// Spends one use of a grant and of each of its ancestors, all or none.
    func use(_ id: Int) throws(CapabilityError) {
        let instant = now()
        let failure: CapabilityError? = grants.withLock { grants in
            for link in Self.chain(from: id, in: grants) {
                if let failure = Self.failure(of: grants[link], at: instant) { return failure }
            }
            for link in Self.chain(from: id, in: grants) {
                if let uses = grants[link].remainingUses { grants[link].remainingUses = uses - 1 }
            }
            return nil
        }
        if let failure { throw failure }
    }

    func isLive(_ id: Int) -> Bool {
        let instant = now()
        return grants.withLock { grants in
            Self.chain(from: id, in: grants).allSatisfy { Self.failure(of: grants[$0], at: instant) == nil }
        }
    }

    func revoke(_ id: Int) {
        grants.withLock { $0[id].isRevoked = true }
    }

    private static func chain(from id: Int, in grants: [Grant]) -> [Int] {
        var links = [id]
        var current = id
        while let parent = grants[current].parent {
            links.append(parent)
            current = parent
        }
        return links
    }

    private static func failure(of grant: Grant, at instant: ContinuousClock.Instant) -> CapabilityError? {
        if grant.isRevoked { return CapabilityError(.revoked, "the \(grant.kind) grant was revoked; ask for a new one") }
        if let expires = grant.expires, instant >= expires {
            return CapabilityError(.expired, "the \(grant.kind) grant expired; ask for a new one")
        }
        if let uses = grant.remainingUses, uses <= 0 {
            return CapabilityError(.exhausted, "the \(grant.kind) grant has no use left; ask for a new one")
        }
        return nil
    }
}

/// A capability can't be used or derived.
public struct CapabilityError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable { case revoked, expired, exhausted, widening, missing }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// It, or one it was derived from, was revoked.
        public static let revoked = Code(.revoked)
        /// Its time is over.
        public static let expired = Code(.expired)
        /// Its uses are spent.
        public static let exhausted = Code(.exhausted)
        /// A derived capability would reach further than the one it comes from.
        public static let widening = Code(.widening)
        /// The session holds no such capability.
        public static let missing = Code(.missing)
    }

    public let code: Code
    /// One line: what happened, why, what to do next.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
