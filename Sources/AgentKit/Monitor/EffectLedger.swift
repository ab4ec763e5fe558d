// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What an authorised call has begun.
///
/// Each authorised effect happens at most once, and after one that changed something no error can say that nothing happened.
final class EffectLedger: Sendable {
    private struct State {
        var begun: Set<Int> = []
        var hasActed = false
    }

    private let state = Mutex(State())
    private let outer: EffectLedger?

    /// Makes a ledger; what happens under it also counts in `outer`, the ledger of the call that it is part of.
    init(within outer: EffectLedger? = nil) { self.outer = outer }

    /// Claims the effect at a position; `false` where it was claimed before.
    func begin(_ position: Int) -> Bool { state.withLock { $0.begun.insert(position).inserted } }

    /// Notes that something changed, or may have.
    func noteActed() {
        state.withLock { $0.hasActed = true }
        outer?.noteActed()
    }

    /// Whether something changed, or may have.
    var hasActed: Bool { state.withLock { $0.hasActed } }
}
