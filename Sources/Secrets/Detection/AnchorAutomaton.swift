// SPDX-License-Identifier: Apache-2.0

/// An Aho-Corasick automaton over short texts, without regard to the case of ASCII letters.
///
/// Bytes are folded into classes and every transition is in one table, so that a byte costs two loads.
struct AnchorAutomaton: Sendable {
    /// The class of each byte.
    let classes: [UInt8]
    /// Next state, premultiplied by `classCount`, at `state + class`. States from `firstAccepting` on end an anchor.
    let table: [UInt32]
    let firstAccepting: UInt32
    let classCount: Int
    private let outputs: [[UInt16]]

    /// Builds it; `anchors[i]` is reported as `i`.
    init(_ anchors: [[UInt8]]) {
        let anchors = anchors.map { $0.map(ASCII.lowered) }
        var classes = [UInt8](repeating: 0, count: 256)
        var count = 1
        for byte in anchors.joined() where classes[Int(byte)] == 0 {
            classes[Int(byte)] = UInt8(count)
            count += 1
        }
        for byte in UInt8(0x41)...0x5a { classes[Int(byte)] = classes[Int(byte | 0x20)] }
        var build = Build(classCount: count)
        for (index, anchor) in anchors.enumerated() {
            build.insert(anchor.map { Int(classes[Int($0)]) }, as: UInt16(index))
        }
        build.link()
        let (table, outputs, first) = build.ordered()
        self.classes = classes
        self.classCount = count
        self.table = table
        self.outputs = outputs
        self.firstAccepting = first
    }

    /// The anchors that end in an accepting state.
    @inline(__always)
    func anchors(of state: UInt32) -> [UInt16] { outputs[Int(state - firstAccepting) / classCount] }

    private struct Build {
        let classCount: Int
        var next: [[Int]]
        var outputs: [[UInt16]] = [[]]

        init(classCount: Int) {
            self.classCount = classCount
            self.next = [[Int](repeating: -1, count: classCount)]
        }

        mutating func insert(_ path: [Int], as index: UInt16) {
            var state = 0
            for step in path {
                if next[state][step] < 0 {
                    next[state][step] = next.count
                    next.append([Int](repeating: -1, count: classCount))
                    outputs.append([])
                }
                state = next[state][step]
            }
            outputs[state].append(index)
        }

        mutating func link() {
            var fail = [Int](repeating: 0, count: next.count)
            var queue: [Int] = []
            for step in 0..<classCount {
                let child = next[0][step]
                if child < 0 { next[0][step] = 0 } else { queue.append(child) }
            }
            var head = 0
            while head < queue.count {
                let state = queue[head]
                head += 1
                outputs[state] += outputs[fail[state]]
                for step in 0..<classCount {
                    let child = next[state][step]
                    if child < 0 {
                        next[state][step] = next[fail[state]][step]
                    } else {
                        fail[child] = next[fail[state]][step]
                        queue.append(child)
                    }
                }
            }
        }

        /// States renumbered so that the accepting ones come last.
        func ordered() -> (table: [UInt32], outputs: [[UInt16]], firstAccepting: UInt32) {
            let quiet = next.indices.filter { outputs[$0].isEmpty }
            let accepting = next.indices.filter { !outputs[$0].isEmpty }
            var number = [Int](repeating: 0, count: next.count)
            for (index, state) in (quiet + accepting).enumerated() { number[state] = index }
            var table = [UInt32](repeating: 0, count: next.count * classCount)
            for state in next.indices {
                for step in 0..<classCount {
                    table[number[state] * classCount + step] = UInt32(number[next[state][step]] * classCount)
                }
            }
            return (table, accepting.map { outputs[$0] }, UInt32(quiet.count * classCount))
        }
    }
}
