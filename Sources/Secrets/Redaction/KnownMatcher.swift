// SPDX-License-Identifier: Apache-2.0

/// An Aho-Corasick automaton over every spelling of every known value. Immutable; a new one is made when values are added.
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
    private let root: [Int32]
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
                        length: pattern.bytes.count, value: index, leaksBefore: pattern.leaksBefore, leaksAfter: pattern.leaksAfter,
                        isPlain: pattern.bytes == plain))
            }
        }
        trie.link()
        self.placeholders = values.map { Array($0.placeholder.utf8) }
        self.longest = longest
        self.outputs = outputs
        self.root = trie.root
        self.firstChild = trie.firstChild
        self.sibling = trie.sibling
        self.label = trie.label
        self.fail = trie.fail
        self.depths = trie.depth
        self.output = trie.output
        self.outputLink = trie.outputLink
    }

    @inline(__always)
    func leavesRoot(_ byte: UInt8) -> Bool { root[Int(byte)] != 0 }

    @inline(__always)
    func depth(of state: Int32) -> Int { Int(depths[Int(state)]) }

    func step(_ state: Int32, _ byte: UInt8) -> Int32 {
        var state = state
        while state != 0 {
            var child = firstChild[Int(state)]
            while child >= 0 {
                if label[Int(child)] == byte { return child }
                child = sibling[Int(child)]
            }
            state = fail[Int(state)]
        }
        return root[Int(byte)]
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

        mutating func link() {
            var queue: [Int32] = root.filter { $0 != 0 }
            var head = 0
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
        }
    }
}
