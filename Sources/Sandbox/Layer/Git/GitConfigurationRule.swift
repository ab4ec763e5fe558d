// SPDX-License-Identifier: Apache-2.0
enum GitConfigurationRule {
    static func refusals(changing old: [UInt8]?, to new: [UInt8]) -> [String] { ["not judged yet"] }
}
