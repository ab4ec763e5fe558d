// SPDX-License-Identifier: Apache-2.0

/// Why a pod could not be opened or a call could not be run.
///
/// When an error is thrown, nothing of what was asked for has run. A program that ends badly isn't an error but an `ExitReport`.
public struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure this is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable { case plan, enforcement, setUp, program, call, ended, busy }
        private let kind: Kind

        /// The plan or the call can't be carried out as it is written.
        public static let invalidPlan = Code(kind: .plan)
        /// A layer that the plan requires is missing on this machine.
        public static let enforcementUnavailable = Code(kind: .enforcement)
        /// A step of making the pod failed.
        public static let setUpFailed = Code(kind: .setUp)
        /// There is no such program inside the pod.
        public static let programNotFound = Code(kind: .program)
        /// A step between the pod's init and the program failed.
        public static let callFailed = Code(kind: .call)
        /// The pod has been closed, or its init has ended.
        public static let podEnded = Code(kind: .ended)
        /// The pod runs as many calls as it can hold.
        public static let tooManyCalls = Code(kind: .busy)

        /// The code's name, stable across versions.
        public var description: String {
            switch kind {
            case .plan: "invalidPlan"
            case .enforcement: "enforcementUnavailable"
            case .setUp: "setUpFailed"
            case .program: "programNotFound"
            case .call: "callFailed"
            case .ended: "podEnded"
            case .busy: "tooManyCalls"
            }
        }
    }

    /// What kind of failure this is.
    public var code: Code
    /// The step that failed.
    public var stage: SandboxStage
    /// The kernel's error number, 0 where the failure is ours.
    public var errno: Int32
    /// What happened and what to do next, in one line without host paths.
    public var message: String

    package init(_ code: Code, stage: SandboxStage, errno: Int32 = 0, message: String? = nil) {
        self.code = code
        self.stage = stage
        self.errno = errno
        self.message = message ?? stage.advice(errno: errno)
    }

    /// The message with stage and error number.
    public var description: String {
        errno == 0 ? "\(message) (stage \(stage))" : "\(message) (stage \(stage), errno \(errno))"
    }
}

extension SandboxError {
    /// A refusal of the kernel while a pod is made. Where the error says that the kernel can't or won't, a layer is missing.
    static func setUp(_ stage: SandboxStage, errno: Int32) -> SandboxError {
        // EPERM, ENODEV, EINVAL, ENOSPC (a limit of 0), ENOSYS, EOPNOTSUPP, EUSERS
        let unavailable: Set<Int32> = [1, 19, 22, 28, 38, 95, 87]
        let isMissing = stage.layer != nil && unavailable.contains(errno)
        return SandboxError(isMissing ? .enforcementUnavailable : .setUpFailed, stage: stage, errno: errno)
    }

    /// Names the step at which the kernel refused.
    static func wrap<Value>(_ code: Code, _ step: SandboxStage.Step, _ body: () throws(KernelError) -> Value)
        throws(SandboxError) -> Value
    {
        do throws(KernelError) {
            return try body()
        } catch {
            if code == .setUpFailed { throw SandboxError.setUp(SandboxStage(step), errno: error.errno) }
            throw SandboxError(code, stage: SandboxStage(step), errno: error.errno)
        }
    }
}
