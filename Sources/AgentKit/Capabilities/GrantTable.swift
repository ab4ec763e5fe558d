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

    /// Spends one use of each grant named (twice, where one is named twice) and of each of its ancestors: all of them, or none.
    func use(_ ids: [Int]) throws(CapabilityError) {
        let instant = now()
        let failure: CapabilityError? = grants.withLock { grants in
            var spent = grants
            for link in ids.flatMap({ Self.chain(from: $0, in: grants) }) {
                if let failure = Self.failure(of: spent[link], at: instant) { return failure }
                if let uses = spent[link].remainingUses { spent[link].remainingUses = uses - 1 }
            }
            grants = spent
            return nil
        }
        if let failure { throw failure }
    }

    /// Takes back a `use` after which nothing happened.
    func giveBack(_ ids: [Int]) {
        grants.withLock { grants in
            for link in ids.flatMap({ Self.chain(from: $0, in: grants) }) {
                if let uses = grants[link].remainingUses { grants[link].remainingUses = uses + 1 }
            }
        }
    }

    /// Throws where a grant or one of its ancestors is dead; spends nothing.
    func check(_ id: Int) throws(CapabilityError) {
        let instant = now()
        let failure = grants.withLock { grants in
            Self.chain(from: id, in: grants).compactMap { Self.failure(of: grants[$0], at: instant) }.first
        }
        if let failure { throw failure }
    }

    func isLive(_ id: Int) -> Bool {
        do { try check(id) } catch { return false }
        return true
    }

    /// Whether a grant whose use was spent still carries that use: neither it nor an ancestor was revoked or expired since.
    func isInForce(_ id: Int) -> Bool {
        let instant = now()
        return grants.withLock { grants in
            Self.chain(from: id, in: grants).allSatisfy { link in
                !grants[link].isRevoked && grants[link].expires.map { instant < $0 } ?? true
            }
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

    /// What went wrong.
    public let code: Code
    /// One line: what happened, why, what to do next.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
