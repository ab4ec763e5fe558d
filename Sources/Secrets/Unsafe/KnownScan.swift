// SPDX-License-Identifier: Apache-2.0

extension KnownMatcher {
    /// Reads on while nothing happens: no byte that a view treats in its own way, no state deep enough to be worth a
    /// look.
    ///
    /// - Returns: The index of the first byte that wasn't read.
    func runQuietly(_ bytes: [UInt8], from first: Int, state: inout Int32) -> Int {
        var index = first
        var current = state
        let limit = Int32(denseCount)
        let count = bytes.count
        // SAFETY: the buffers are used only inside their closures.
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe dense.withUnsafeBufferPointer { dense in
                unsafe marks.withUnsafeBufferPointer { marks in
                    while index < count, current < limit {
                        // SAFETY: `index` is below `count`; a byte is below 256 == `marks.count`; `current` is below
                        // `denseCount`, and `dense` has 256 entries for each of that many states.
                        let byte = unsafe input[index]
                        if unsafe marks[Int(byte)] != 0 { break }
                        unsafe current = dense[Int(current) << 8 | Int(byte)]
                        index += 1
                    }
                }
            }
        }
        state = current
        return index
    }
}
