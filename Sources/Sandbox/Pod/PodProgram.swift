// SPDX-License-Identifier: Apache-2.0

/// A list of system calls for the init, with the data that they point to.
///
/// The init executes it as it stands, so what a pod is made of is written in one place and in Swift. Every operation names its stage;
/// an error that isn't tolerated ends the program and comes back with it.
struct PodProgram {
    /// One argument of a system call.
    enum Argument {
        case value(UInt64)
        /// An offset into the data.
        case data(Int)
        case register(Int)
    }

    private struct Operation {
        var kind: UInt32
        var stage: SandboxStage.Step
        var number: UInt32
        var result: Int?
        var arguments: [Argument]
        var tolerated: [Int32]
    }

    /// The directory argument that stands for the working directory.
    static let here = Argument.value(UInt64(bitPattern: -100))

    private var data = LittleEndianBytes()
    private var operations: [Operation] = []
    private var firstCount: Int?
    private var pointers: [Int] = []

    // MARK: Data

    mutating func add(_ bytes: [UInt8]) -> Argument {
        data.align(to: 8)
        let offset = data.bytes.count
        data.bytes += bytes
        return .data(offset)
    }

    mutating func add(_ string: String) -> Argument { add([UInt8](string.utf8) + [0]) }

    /// A list of pointers to strings that ends with a null pointer.
    mutating func add(list: [String]) -> Argument {
        let offsets = list.map { offset(of: add($0)) }
        data.align(to: 8)
        let start = data.bytes.count
        for target in offsets {
            pointers.append(data.bytes.count)
            data.append(UInt64(target))
        }
        data.append(UInt64(0))
        return .data(start)
    }

    /// A `struct sock_fprog` for a filter of eight-byte instructions.
    mutating func add(filter: [UInt8]) -> Argument {
        let target = offset(of: add(filter))
        data.align(to: 8)
        let start = data.bytes.count
        data.append(UInt64(filter.count / 8))
        pointers.append(data.bytes.count)
        data.append(UInt64(target))
        return .data(start)
    }

    private func offset(of argument: Argument) -> Int {
        if case .data(let offset) = argument { offset } else { 0 }
    }

    // MARK: Operations

    mutating func call(
        _ stage: SandboxStage.Step, _ number: Int64, _ arguments: Argument..., result: Int? = nil,
        tolerating: [Int32] = []
    ) {
        operations.append(
            Operation(
                kind: 1, stage: stage, number: UInt32(truncatingIfNeeded: number), result: result, arguments: arguments,
                tolerated: tolerating))
    }

    /// Keeps the address of data in a register for later programs.
    mutating func keepAddress(_ stage: SandboxStage.Step, of argument: Argument, in register: Int) {
        let address = Argument.value(UInt64(offset(of: argument)))
        operations.append(
            Operation(kind: 2, stage: stage, number: 0, result: register, arguments: [address], tolerated: []))
    }

    /// Stores a descriptor into data, for structures that hold one.
    mutating func store(_ stage: SandboxStage.Step, register: Int, in argument: Argument, at offset: Int) {
        let address = Argument.data(self.offset(of: argument) + offset)
        operations.append(
            Operation(
                kind: 4, stage: stage, number: 0, result: nil, arguments: [address, .register(register)], tolerated: [])
        )
    }

    /// Ends the program with the most telling of the tolerated errors.
    mutating func fail(_ stage: SandboxStage.Step) {
        operations.append(Operation(kind: 3, stage: stage, number: 0, result: nil, arguments: [], tolerated: []))
    }

    /// What follows is executed by the call's own process, what came before by its init.
    mutating func beginProcess() { firstCount = operations.count }

    // MARK: Wire

    func encoded() -> [UInt8] {
        let headerBytes = 32
        let operationBytes = 88
        let fixupsOffset = headerBytes + operations.count * operationBytes
        let dataOffset = (fixupsOffset + pointers.count * 4 + 7) & ~7
        let first = firstCount ?? operations.count
        var wire = LittleEndianBytes()
        for field in [
            0x616B_7067, dataOffset + data.bytes.count, first, operations.count - first, headerBytes, fixupsOffset,
            pointers.count, 0,
        ] { wire.append(UInt32(field)) }
        for operation in operations { encode(operation, dataOffset: dataOffset, into: &wire) }
        for pointer in pointers { wire.append(UInt32(dataOffset + pointer)) }
        wire.align(to: 8)
        var moved = data.bytes
        for pointer in pointers {
            var value: UInt64 = 0
            for index in (0..<8).reversed() { value = value << 8 | UInt64(moved[pointer + index]) }
            value += UInt64(dataOffset)
            for index in 0..<8 { moved[pointer + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
        }
        return wire.bytes + moved
    }

    private func encode(_ operation: Operation, dataOffset: Int, into wire: inout LittleEndianBytes) {
        wire.append(operation.kind)
        wire.append(operation.stage.rawValue)
        wire.append(operation.number)
        wire.append(operation.result.map { UInt32($0) } ?? UInt32.max)
        var kinds = [UInt8](repeating: 0, count: 8)
        var values = [UInt64](repeating: 0, count: 6)
        for (index, argument) in operation.arguments.prefix(6).enumerated() {
            switch argument {
            case .value(let value): values[index] = value
            case .data(let offset): (kinds[index], values[index]) = (1, UInt64(dataOffset + offset))
            case .register(let register): (kinds[index], values[index]) = (2, UInt64(register))
            }
        }
        // The address operation takes an offset into the blob as a plain value.
        if operation.kind == 2 { values[0] += UInt64(dataOffset) }
        wire.bytes += kinds
        for value in values { wire.append(value) }
        for index in 0..<3 { wire.append(index < operation.tolerated.count ? operation.tolerated[index] : 0) }
        wire.append(UInt32(0))
    }

    func sealed() throws(KernelError) -> OwnedDescriptor {
        try Kernel.sealedMemory("agentkit-program", encoded(), executable: false)
    }
}
