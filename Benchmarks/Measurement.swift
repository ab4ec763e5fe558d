// SPDX-License-Identifier: Apache-2.0

/// Times of one case, in the order in which they were taken.
struct Samples {
    /// Nanoseconds.
    private(set) var values: [Double] = []

    mutating func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        values.append(Double(seconds) * 1e9 + Double(attoseconds) / 1e9)
    }

    /// The value that so many of a hundred do not pass.
    func percentile(_ percent: Int) -> Double { Self.percentile(percent, of: values) }

    /// The median of the ratios pair by pair: what the machine did to one it did to the other too.
    func ratio(to floor: Samples) -> Double {
        Self.percentile(50, of: zip(values, floor.values).map { $0 / max(1, $1) })
    }

    private static func percentile(_ percent: Int, of values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }
}

/// Something whose time is taken. `false` means that it did not do what it should: then it has no time.
struct BenchCase {
    let name: String
    /// How many times the work is done in one sample, for work too short for the clock.
    var repeats = 1
    let body: () async throws -> Bool
}

/// Cases that take turns, A B C A B C …, so that all of them see the same machine. The first is the floor.
struct BenchGroup {
    let title: String
    let rounds: Int
    var warmUp = 2
    let cases: [BenchCase]

    /// Takes the times and prints one line for each case.
    func run() async {
        var samples = cases.map { _ in Samples() }
        var failures: [Int: String] = [:]
        for round in 0..<(rounds + warmUp) {
            for (index, item) in cases.enumerated() where failures[index] == nil {
                let begin = ContinuousClock.now
                do {
                    for _ in 0..<item.repeats where try await !item.body() { throw BenchFailure("it did not do what it should") }
                } catch {
                    failures[index] = "\(error)"
                    continue
                }
                if round >= warmUp { samples[index].add((ContinuousClock.now - begin) / item.repeats) }
            }
        }
        print("\n\(title) (\(rounds) rounds; ratios to the first line, pair by pair)")
        for (index, item) in cases.enumerated() {
            if let failure = failures[index] {
                Table.line(item.name, "failed: \(failure)")
            } else {
                Table.line(item.name, samples[index], floor: samples[0])
            }
        }
    }
}

/// A case could not be measured.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// One table, all columns aligned.
enum Table {
    static func line(_ name: String, _ samples: Samples, floor: Samples) {
        let cells = [time(samples.percentile(50)), time(samples.percentile(99)), "\(decimal(samples.ratio(to: floor)))x"]
        line(name, cells.map { padded($0, 11, left: true) }.joined())
    }

    static func line(_ name: String, _ text: String) { print("  \(padded(name, 54))\(text)") }

    static func time(_ nanoseconds: Double) -> String {
        nanoseconds >= 1e6 ? "\(decimal(nanoseconds / 1e6)) ms" : "\(decimal(nanoseconds / 1e3)) us"
    }

    /// Three significant digits or so.
    static func decimal(_ value: Double) -> String {
        if value >= 100 { return "\(Int(value.rounded()))" }
        let scale: Double = value >= 10 ? 10 : 100
        let scaled = Int((value * scale).rounded())
        let rest = String(scaled % Int(scale))
        let digits = scale == 10 ? 1 : 2
        return "\(scaled / Int(scale)).\(String(repeating: "0", count: digits - rest.count))\(rest)"
    }

    static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(1, width - text.count))
        return left ? blanks + text : text + blanks
    }
}
