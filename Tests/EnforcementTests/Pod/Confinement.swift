// SPDX-License-Identifier: Apache-2.0
@testable import AgentSandbox

/// A machine that refuses, for as long as a test's own process lives.
enum Confinement {
    static func refuseMounts() throws {
        let noNewPrivileges: UInt64 = 38
        _ = try Kernel.call(SystemCall.prctl, noNewPrivileges, 1)
        let attributes = Landlock.ruleset(abi: 1)
        let ruleset = try Kernel.descriptor(
            Kernel.withAddress(of: attributes) { address in
                let created = try? Kernel.call(SystemCall.landlockCreateRuleset, address, UInt64(attributes.count))
                return created ?? -1
            })
        // Everything that the process needs stays allowed; to be confined at all is what forbids mounts.
        let root = try Kernel.open("/", flags: 0o10000000)
        var rule = LittleEndianBytes()
        rule.append(Landlock.fileRights(abi: 1))
        rule.append(UInt32(bitPattern: root.rawValue))
        let added = Kernel.withAddress(of: rule.bytes) { address in
            let added = try? Kernel.call(SystemCall.landlockAddRule, UInt64(ruleset.rawValue), 1, address)
            return added ?? -1
        }
        _ = try Kernel.check(added)
        _ = try Kernel.call(SystemCall.landlockRestrictSelf, UInt64(ruleset.rawValue))
    }
}
