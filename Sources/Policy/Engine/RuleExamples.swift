// SPDX-License-Identifier: Apache-2.0
/// Temporary
enum RuleExamples { static func failures(in document: PolicyDocument) -> [PolicyProblem] { [] } }
