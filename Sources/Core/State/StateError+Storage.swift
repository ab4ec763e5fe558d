// SPDX-License-Identifier: Apache-2.0

// The words that every storage uses for the same refusal.
extension StateError {
    package static func tooManyPending(_ limit: Int) -> StateError {
        StateError(
            .conflict, "the session has \(limit) requests waiting for approval already; wait until one is answered")
    }

    package static let noSuchApproval = StateError(.notFound, "there is no such approval; list them to find its id")

    package static func notPending(_ state: ApprovalTicket.State) -> StateError {
        StateError(
            .conflict,
            "the request takes no signature any more: it is \(state == .pending ? "past its deadline" : state.rawValue)"
        )
    }

    package static let signedAlready = StateError(
        .conflict, "this key has signed the request already; another one is needed")

    package static let parentNotInForce = StateError(
        .conflict, "the grant's parent is unknown, expired or revoked; attenuate one that is in force")
}
