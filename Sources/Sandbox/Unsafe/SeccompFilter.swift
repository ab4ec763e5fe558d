// SPDX-License-Identifier: Apache-2.0
internal import CSeccomp

/// The compiled system call filter: two programs, of which the kernel takes the stricter answer.
///
/// The allow-list is one; the other gives argument values that are refused an error number which programs understand. A single program
/// couldn't: a rule that allows a system call without tests would swallow those that refuse some of its arguments.
struct SeccompFilter: Sendable {
    let allowList: [UInt8]
    let refusals: [UInt8]

    /// Compiled on first use and reused.
    static let shared: Result<SeccompFilter, SandboxError> = {
        do throws(KernelError) {
            return .success(try SeccompFilter(rules: SystemCallTable.rules))
        } catch {
            return .failure(SandboxError(.setUpFailed, stage: SandboxStage(.filter), errno: error.errno))
        }
    }()

    init(rules: [SystemCallRule]) throws(KernelError) {
        let allowing = try Builder(default: AK_FILTER_ERRNO, errno: SystemCallTable.noSystemCall)
        let refusing = try Builder(default: AK_FILTER_ALLOW, errno: 0)
        var seen: Set<Int32> = []
        for rule in rules {
            for name in rule.names {
                let number = Self.number(name)
                // A name that this architecture or this library doesn't know falls to the default.
                guard number >= 0, seen.insert(number).inserted else { continue }
                switch rule.verdict {
                case .allow: try allowing.add(AK_FILTER_ALLOW, 0, number, [])
                case .allowWhere(let lists): for tests in lists { try allowing.add(AK_FILTER_ALLOW, 0, number, tests) }
                case .refuse(let errno) where errno == SystemCallTable.noSystemCall: break
                case .refuse(let errno): try allowing.add(AK_FILTER_ERRNO, errno, number, [])
                }
                for refusal in rule.refusals { try refusing.add(AK_FILTER_ERRNO, refusal.errno, number, refusal.tests) }
            }
        }
        allowList = try allowing.export()
        refusals = try refusing.export()
    }

    /// A system call's number here, negative when there is none.
    static func number(_ name: String) -> Int32 {
        // SAFETY: the C string lives for the length of the call.
        unsafe ak_filter_number(name)
    }

    // SAFETY: the filter belongs to this object alone and is freed with it.
    @safe private final class Builder {
        private let filter: UnsafeMutableRawPointer

        init(default action: ak_filter_action, errno: Int32) throws(KernelError) {
            // SAFETY: null says failure, anything else is a filter of our own.
            guard let filter = unsafe ak_filter_new(action, UInt32(errno)) else { throw KernelError(errno: 12) }
            unsafe self.filter = filter
        }

        deinit { unsafe ak_filter_free(filter) }

        func add(_ action: ak_filter_action, _ errno: Int32, _ number: Int32, _ tests: [ArgumentTest])
            throws(KernelError)
        {
            let comparisons = tests.map {
                ak_filter_comparison(argument: UInt32($0.argument), reserved: 0, mask: $0.mask, value: $0.value)
            }
            // SAFETY: the array outlives the call and its length is passed.
            let result = unsafe ak_filter_rule(
                filter, action, UInt32(errno), number, comparisons, UInt32(comparisons.count))
            _ = try Kernel.check(Int64(result))
        }

        func export() throws(KernelError) -> [UInt8] {
            let file = try Kernel.descriptor(Kernel.memory("agentkit-filter", flags: 1))
            // SAFETY: the filter lives as long as this object.
            _ = try Kernel.check(Int64(unsafe ak_filter_export(filter, file.rawValue)))
            _ = try Kernel.call(SystemCall.lseek, UInt64(file.rawValue), 0, 0)
            return try Kernel.readToEnd(file)
        }
    }
}
