// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// Writes decisions as JSON without building values first.
package enum DecisionWriter {
    /// Appends `{"id","decision","class","environment","reasons","obligations"}`, and `approval` where one is needed.
    package static func write(_ decision: Decision, id: JSONValue, into output: inout [UInt8]) {
        append("{\"id\":", to: &output)
        output.append(contentsOf: id.serializedBytes())
        append(",\"decision\":\"", to: &output)
        append(decision.outcome.rawValue, to: &output)
        append("\",\"class\":\"", to: &output)
        append(decision.effectClass.rawValue, to: &output)
        append("\",\"environment\":", to: &output)
        string(decision.environment.name, to: &output)
        append(",\"reasons\":[", to: &output)
        for (position, reason) in decision.reasons.enumerated() {
            append(position == 0 ? "{\"id\":" : ",{\"id\":", to: &output)
            string(reason.id, to: &output)
            append(",\"message\":", to: &output)
            string(reason.message, to: &output)
            if let location = reason.location {
                append(",\"location\":", to: &output)
                string(location, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
        append("],\"obligations\":[", to: &output)
        for (position, obligation) in decision.obligations.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            string(obligation.name, to: &output)
        }
        append("]", to: &output)
        if let requirement = decision.requirement { write(requirement, to: &output) }
        output.append(UInt8(ascii: "}"))
    }

    private static func write(_ requirement: ApprovalRequirement, to output: inout [UInt8]) {
        append(",\"approval\":{\"threshold\":\(requirement.threshold),\"roles\":[", to: &output)
        for (position, role) in requirement.roles.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            string(role, to: &output)
        }
        append("],\"validitySeconds\":\(requirement.validity.components.seconds)", to: &output)
        append(",\"delaySeconds\":\(requirement.delay.components.seconds)", to: &output)
        append(",\"recoveryPoint\":\(requirement.recoveryPoint != nil)}", to: &output)
    }

    private static func append(_ text: String, to output: inout [UInt8]) { output.append(contentsOf: text.utf8) }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func string(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x0A: append("\\n", to: &output)
            case ..<0x20:
                append("\\u00", to: &output)
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
