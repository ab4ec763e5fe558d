// SPDX-License-Identifier: Apache-2.0
internal import CSandbox

/// A file descriptor that is closed when its last owner lets go of it.
///
/// Every descriptor made by this module is close-on-exec.
public final class OwnedDescriptor: Sendable {
    /// The descriptor's number, valid as long as this object lives.
    public let rawValue: Int32

    /// Takes ownership of a descriptor.
    public init(taking rawValue: Int32) { self.rawValue = rawValue }

    deinit {
        if rawValue >= 0 { _ = ak_syscall(SystemCall.close, UInt64(rawValue), 0, 0, 0, 0, 0) }
    }
}
