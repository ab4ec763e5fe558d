// SPDX-License-Identifier: Apache-2.0

/// The structures of capset(2).
enum CapabilityBytes {
    static var header: [UInt8] {
        var bytes = LittleEndianBytes()
        bytes.append(UInt32(0x2008_0522))
        bytes.append(UInt32(0))
        return bytes.bytes
    }

    /// Capabilities below 32; those above are never kept.
    static func sets(effective: UInt32, inheritable: UInt32) -> [UInt8] {
        var bytes = LittleEndianBytes()
        for field in [effective, effective, inheritable, 0, 0, 0] { bytes.append(field) }
        return bytes.bytes
    }
}
