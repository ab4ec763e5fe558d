// SPDX-License-Identifier: Apache-2.0

extension AnchorAutomaton {
    /// Runs over `bytes` and calls `visit` with each accepting state and the offset after the byte that led there.
    @inline(__always)
    func scan(_ bytes: borrowing Span<UInt8>, _ visit: (_ state: UInt32, _ end: Int) -> Void) {
        let first = firstAccepting
        // SAFETY: the buffers are used only inside their closures.
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe classes.withUnsafeBufferPointer { classes in
                unsafe table.withUnsafeBufferPointer { table in
                    var state: UInt32 = 0
                    for index in 0..<input.count {
                        // SAFETY: `index` is below `input.count`; a byte is below 256 == `classes.count`; every entry
                        // of `table` is the start of a row of `classCount` entries inside it, and every class is below
                        // `classCount`.
                        unsafe state = table[Int(state) + Int(classes[Int(input[index])])]
                        if state >= first { visit(state, index + 1) }
                    }
                }
            }
        }
    }
}
