// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What the ports of a test were asked, in order.
final class Events: Sendable {
    private let list = Mutex<[String]>([])

    func note(_ event: String) { list.withLock { $0.append(event) } }

    var all: [String] { list.withLock { $0 } }

    func contains(_ event: String) -> Bool { all.contains(event) }

    func clear() { list.withLock { $0 = [] } }
}

/// Shared state of a fake that a test may change while a session uses it.
final class Box<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value {
        get { mutex.withLock { $0 } }
        set { mutex.withLock { $0 = newValue } }
    }

    @discardableResult
    func update<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        mutex.withLock { value in
            var copy = value
            let result = body(&copy)
            value = copy
            return result
        }
    }
}

/// A clock that moves only when a test moves it.
final class TestClock: Sendable {
    private let instant = Box(ContinuousClock.now)

    var now: @Sendable () -> ContinuousClock.Instant { { [instant] in instant.value } }

    func advance(by duration: Duration) { instant.update { $0 += duration } }
}
