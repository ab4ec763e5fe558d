// SPDX-License-Identifier: Apache-2.0

/// What the host asks of the init.
struct PodRequest: Sendable {
    enum Kind: UInt32, Sendable { case run = 1, spawn, signal }

    var kind: Kind
    var call: UInt32 = 0
    var signal: Int32 = 0
    /// Registers whose descriptors come back, at most eight.
    var returns: [Int] = []
    var spawnFlags: UInt32 = 0
    /// The program, then what fills the registers from 1 on; at most eight in all.
    var descriptors: [OwnedDescriptor] = []

    static func run(_ program: OwnedDescriptor, with descriptors: [OwnedDescriptor] = [], returning: [Int] = [])
        -> PodRequest
    {
        PodRequest(kind: .run, returns: returning, descriptors: [program] + descriptors)
    }

    /// A call gets a pid namespace, so that nothing of it survives, and a mount namespace for a /proc that fits.
    static func spawn(_ call: UInt32, _ program: OwnedDescriptor, with descriptors: [OwnedDescriptor]) -> PodRequest {
        PodRequest(
            kind: .spawn, call: call, spawnFlags: 0x2000_0000 | 0x0002_0000, descriptors: [program] + descriptors)
    }

    static func signal(_ call: UInt32, _ number: Int32) -> PodRequest {
        PodRequest(kind: .signal, call: call, signal: number)
    }
}
