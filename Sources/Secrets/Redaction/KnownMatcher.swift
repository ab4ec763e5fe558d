// SPDX-License-Identifier: Apache-2.0

/// An Aho-Corasick automaton over every spelling of every known value. Immutable; a new one is made when values are
/// added.
final class KnownMatcher: Sendable {
    struct Output: Hashable, Sendable {
        /// In units of a view.
        let length: Int
        let value: Int
        let leaksBefore: Bool
        let leaksAfter: Bool
        /// Whether the text is the value itself, not an encoding of it.
        let isPlain: Bool
    }

    let placeholders: [[UInt8]]
    /// The longest pattern, in units.
    let longest: Int
    let outputs: [Output]
    /// How many states, the shallowest, have a row in `dense`. None of them ends a pattern.
    let denseCount: Int
    /// The next state at `state << 8 | byte`.
    let dense: [Int32]
    /// Not zero for bytes that a view skips or undoes.
    let marks: [UInt8]
    private let firstChild: [Int32]
    private let sibling: [Int32]
    private let label: [UInt8]
    private let fail: [Int32]
    private let depths: [Int32]
    private let output: [Int32]
    private let outputLink: [Int32]

    var isEmpty: Bool { outputs.isEmpty }

    /// Builds the automaton; the time is linear in the total length of all spellings.
    init(_ values: [(value: [UInt8], placeholder: String)]) {
        var trie = Trie()
        var outputs: [Output] = []
        var longest = 0
        for (index, entry) in values.enumerated() {
            let plain = ValuePattern(entry.value).bytes
            for pattern in ValuePatterns.all(of: entry.value) {
                let state = trie.insert(pattern.bytes)
                longest = max(longest, pattern.bytes.count)
                guard trie.output[state] < 0 else { continue }
                trie.output[state] = Int32(outputs.count)
                outputs.append(
                    Output(
                        length: pattern.bytes.count, value: index, leaksBefore: pattern.leaksBefore,
                        leaksAfter: pattern.leaksAfter,
                        isPlain: pattern.bytes == plain))
            }
        }
        let (dense, denseCount) = trie.finish()
        self.dense = dense
        self.denseCount = denseCount
        self.marks = (0...255).map { byte in
            ValuePatterns.isSkipped(UInt8(byte)) || StreamView.allCases.contains { $0.differs(at: UInt8(byte)) } ? 1 : 0
        }
        self.placeholders = values.map { Array($0.placeholder.utf8) }
        self.longest = longest
        self.outputs = outputs
        self.firstChild = trie.firstChild
        self.sibling = trie.sibling
        self.label = trie.label
        self.fail = trie.fail
        self.depths = trie.depth
        self.output = trie.output
        self.outputLink = trie.outputLink
    }

    @inline(__always)
    func depth(of state: Int32) -> Int { Int(depths[Int(state)]) }

    func step(_ state: Int32, _ byte: UInt8) -> Int32 {
        var state = state
        while Int(state) >= denseCount {
            var child = firstChild[Int(state)]
            while child >= 0 {
                if label[Int(child)] == byte { return child }
                child = sibling[Int(child)]
            }
            state = fail[Int(state)]
        }
        return dense[Int(state) << 8 | Int(byte)]
    }

    /// The longest pattern that ends in `state`, if one does. Shorter ones lie inside it.
    func longestOutput(of state: Int32) -> Output? {
        let own = output[Int(state)]
        if own >= 0 { return outputs[Int(own)] }
        let link = outputLink[Int(state)]
        return link > 0 ? outputs[Int(output[Int(link)])] : nil
    }

    /// The automaton while it is built.
    private struct Trie {
        var root = [Int32](repeating: 0, count: 256)
        var firstChild: [Int32] = [-1]
        var sibling: [Int32] = [-1]
        var label: [UInt8] = [0]
        var fail: [Int32] = [0]
        var depth: [Int32] = [0]
        var output: [Int32] = [-1]
        var outputLink: [Int32] = [0]

        func child(_ state: Int32, _ byte: UInt8) -> Int32? {
            if state == 0 { return root[Int(byte)] == 0 ? nil : root[Int(byte)] }
            var child = firstChild[Int(state)]
            while child >= 0 {
                if label[Int(child)] == byte { return child }
                child = sibling[Int(child)]
            }
            return nil
        }

        mutating func insert(_ pattern: [UInt8]) -> Int {
            var state: Int32 = 0
            for byte in pattern {
                if let next = child(state, byte) {
                    state = next
                    continue
                }
                let new = Int32(label.count)
                sibling.append(state == 0 ? -1 : firstChild[Int(state)])
                if state == 0 { root[Int(byte)] = new } else { firstChild[Int(state)] = new }
                firstChild.append(-1)
                label.append(byte)
                fail.append(0)
                depth.append(depth[Int(state)] + 1)
                output.append(-1)
                outputLink.append(0)
                state = new
            }
            return Int(state)
        }

        /// Links failures, renumbers the states by depth, and gives rows to those of depth 0, 1 and 2.
        mutating func finish() -> (dense: [Int32], denseCount: Int) {
            let order = link()
            var number = [Int32](repeating: 0, count: label.count)
            for (index, state) in order.enumerated() { number[Int(state)] = Int32(index) }
            func renumbered(_ table: [Int32]) -> [Int32] {
                order.map { table[Int($0)] < 0 ? -1 : number[Int(table[Int($0)])] }
            }
            let children = renumbered(firstChild)
            let siblings = renumbered(sibling)
            let failures = renumbered(fail)
            let links = renumbered(outputLink)
            label = order.map { label[Int($0)] }
            depth = order.map { depth[Int($0)] }
            output = order.map { output[Int($0)] }
            root = root.map { number[Int($0)] }
            (firstChild, sibling, fail, outputLink) = (children, siblings, failures, links)
            let denseCount = depth.firstIndex { $0 > 2 } ?? depth.count
            var dense = [Int32](repeating: 0, count: denseCount << 8)
            for byte in 0..<256 { dense[byte] = root[byte] }
            for state in 1..<max(1, denseCount) {
                let back = Int(fail[state])
                for byte in 0..<256 { dense[state << 8 | byte] = dense[back << 8 | byte] }
                var next = firstChild[state]
                while next >= 0 {
                    dense[state << 8 | Int(label[Int(next)])] = next
                    next = sibling[Int(next)]
                }
            }
            return (dense, denseCount)
        }

        /// Links failures; returns the states by depth.
        private mutating func link() -> [Int32] {
            var queue: [Int32] = [0] + root.filter { $0 != 0 }
            var head = 1
            while head < queue.count {
                let state = queue[head]
                head += 1
                var next = firstChild[Int(state)]
                while next >= 0 {
                    let byte = label[Int(next)]
                    var back = fail[Int(state)]
                    while back != 0, child(back, byte) == nil { back = fail[Int(back)] }
                    let target = child(back, byte) ?? 0
                    fail[Int(next)] = target
                    outputLink[Int(next)] = output[Int(target)] >= 0 ? target : outputLink[Int(target)]
                    queue.append(next)
                    next = sibling[Int(next)]
                }
            }
            return queue
        }
    }
}
