// SPDX-License-Identifier: Apache-2.0

/// Durations and sizes as the policy spells them.
enum Quantity {
    private static let durationUnits: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    private static let sizeUnits: [(suffix: String, bytes: Int64)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("B", 1),
    ]

    /// Reads `500ms`, `60s`, `10m`, `24h`, `7d`; `nil` for anything else, also for a number without a unit.
    static func duration(_ text: String) -> Duration? {
        scaled(text, durationUnits.map { ($0.suffix, $0.milliseconds) }).map { .milliseconds($0) }
    }

    /// Reads `4096B`, `64KiB`, `1MiB`, `2GiB`, `1TiB` as bytes.
    static func bytes(_ text: String) -> Int64? {
        scaled(text, sizeUnits.map { ($0.suffix, $0.bytes) })
    }

    private static func scaled(_ text: String, _ units: [(suffix: String, factor: Int64)]) -> Int64? {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        let suffix = text.utf8.dropFirst(digits.count)
        guard !digits.isEmpty, digits.count <= 12, let number = Int64(String(Substring(digits))) else { return nil }
        for unit in units where suffix.elementsEqual(unit.suffix.utf8) {
            let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
            return overflow ? nil : product
        }
        return nil
    }
}
