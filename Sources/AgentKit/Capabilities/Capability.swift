// SPDX-License-Identifier: Apache-2.0

/// An object whose methods are the authority over one kind of effect.
///
/// Only the runtime makes one. It can be narrowed, limited in time and uses, revoked with everything derived from it, and handed to
/// a sub-agent's session; it can never be widened. Every use is still decided by the policy.
public final class Capability<Scope: CapabilityScope>: Sendable {
    /// What it reaches.
    public let scope: Scope
    let grant: Int
    let core: SessionCore

    init(scope: Scope, grant: Int, core: SessionCore) {
        self.scope = scope
        self.grant = grant
        self.core = core
    }

    /// Whether it can still be used.
    public var isLive: Bool { core.grants.isLive(grant) }

    /// A narrowed copy.
    ///
    /// - Parameters:
    ///   - scope: What the copy reaches; must lie within this capability's scope.
    ///   - expiresIn: How long the copy lives; it never outlives this one.
    ///   - uses: How often the copy can be used; each use also counts against this one.
    /// - Throws: `CapabilityError.widening` where the scope reaches further; `.revoked`, `.expired` or `.exhausted` where this one is dead.
    public func attenuated(
        to scope: Scope? = nil, expiresIn: Duration? = nil, uses: Int? = nil
    ) throws(CapabilityError) -> Capability<Scope> {
        let narrowed = scope ?? self.scope
        guard narrowed.isWithin(self.scope) else {
            throw CapabilityError(
                .widening, "the asked \(Scope.kind) scope reaches further than its parent; ask for a narrower one")
        }
        try core.grants.check(grant)
        let id = core.grants.add(
            kind: Scope.kind, parent: grant, expires: core.grants.expiry(after: expiresIn), uses: uses)
        return Capability(scope: narrowed, grant: id, core: core)
    }

    /// Ends this capability and everything derived from it, at once.
    public func revoke() { core.grants.revoke(grant) }
}

/// Reads files of the session's view.
public typealias FileReadCapability = Capability<FileReadScope>
/// Writes files of the session's layer.
public typealias FileWriteCapability = Capability<FileWriteScope>
/// Runs programs in the session's pod.
public typealias ExecCapability = Capability<ExecScope>
/// Sends requests out of the session.
public typealias HTTPCapability = Capability<HTTPScope>
/// Has secrets put into requests.
public typealias SecretUseCapability = Capability<SecretUseScope>

/// The capabilities that a session holds; what is `nil` can't be done.
public struct CapabilitySet: Sendable {
    /// Reads files; `nil` reads none.
    public var fileRead: FileReadCapability?
    /// Writes files of the layer; `nil` writes none and commits nothing.
    public var fileWrite: FileWriteCapability?
    /// Runs programs; `nil` runs none.
    public var exec: ExecCapability?
    /// Sends requests; `nil` sends none.
    public var http: HTTPCapability?
    /// Has secrets put into requests; `nil` uses none.
    public var secretUse: SecretUseCapability?

    /// Makes a set; by default an empty one.
    public init(
        fileRead: FileReadCapability? = nil, fileWrite: FileWriteCapability? = nil, exec: ExecCapability? = nil,
        http: HTTPCapability? = nil, secretUse: SecretUseCapability? = nil
    ) {
        self.fileRead = fileRead
        self.fileWrite = fileWrite
        self.exec = exec
        self.http = http
        self.secretUse = secretUse
    }

    /// The grant that covers an effect, or `nil`.
    func grant(for effect: Effect, workspace: String) -> Int? {
        func id<S>(_ capability: Capability<S>?) -> Int? {
            guard let capability, capability.scope.covers(effect.action, workspace: workspace) else { return nil }
            return capability.grant
        }
        switch effect.action {
        case .readFile: return id(fileRead)
        case .writeFile, .commit: return id(fileWrite)
        case .execute: return id(exec)
        case .request: return id(http)
        case .sql: return nil
        }
    }

    func belongs(to core: SessionCore) -> Bool {
        [fileRead?.core, fileWrite?.core, exec?.core, http?.core, secretUse?.core].allSatisfy { $0 == nil || $0 === core }
    }

    /// The same reach in grants of its own, so that ending the copy ends nothing else.
    func derived() throws(CapabilityError) -> CapabilitySet {
        CapabilitySet(
            fileRead: try fileRead?.attenuated(), fileWrite: try fileWrite?.attenuated(), exec: try exec?.attenuated(),
            http: try http?.attenuated(), secretUse: try secretUse?.attenuated())
    }

    func revokeAll() {
        fileRead?.revoke()
        fileWrite?.revoke()
        exec?.revoke()
        http?.revoke()
        secretUse?.revoke()
    }
}
