// SPDX-License-Identifier: Apache-2.0
internal import CSandbox
internal import Glibc

/// The pod's init as an executable that exists only in memory: an ELF header around one section of machine code.
enum InitImage {
    static func make() throws(KernelError) -> OwnedDescriptor {
        try Kernel.sealedMemory("agentkit-init", bytes(), executable: true)
    }

    static func bytes() -> [UInt8] {
        var length: UInt32 = 0
        var entry: UInt32 = 0
        // SAFETY: the section lies in this program's own read-only text and is `length` bytes long.
        let code = unsafe [UInt8](UnsafeRawBufferPointer(start: ak_init_code(&length, &entry), count: Int(length)))
        let headerBytes: UInt64 = 64 + 2 * 56
        let codeOffset: UInt64 = 256
        let base: UInt64 = 0x10000
        let total = codeOffset + UInt64(code.count)

        var image = LittleEndianBytes()
        image.bytes = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 8)
        image.append(UInt16(2))
        image.append(machine)
        image.append(UInt32(1))
        image.append(base + codeOffset + UInt64(entry))
        image.append(UInt64(64))
        image.append(UInt64(0))
        image.append(UInt32(0))
        for field: UInt16 in [64, 56, 2, 64, 0, 0] { image.append(field) }
        // One segment to read and execute, none to write but the stack, which may not be executed.
        image.appendSegment(type: 1, flags: 5, address: base, size: total, align: 4096)
        image.appendSegment(type: 0x6474_E551, flags: 6, address: 0, size: 0, align: 16)
        image.bytes += [UInt8](repeating: 0, count: Int(codeOffset - headerBytes))
        return image.bytes + code
    }

    private static var machine: UInt16 {
        #if arch(x86_64)
            62
        #else
            183
        #endif
    }
}

extension LittleEndianBytes {
    fileprivate mutating func appendSegment(type: UInt32, flags: UInt32, address: UInt64, size: UInt64, align: UInt64) {
        append(type)
        append(flags)
        for field in [0, address, address, size, size, align] { append(field) }
    }
}
