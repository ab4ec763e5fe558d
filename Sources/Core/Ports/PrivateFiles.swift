// SPDX-License-Identifier: Apache-2.0

/// Small files that only their owner may read, in one folder: keys, the signed head of a log.
///
/// Names are plain file names. Every method fails closed: a file of another owner, one that others may write, or a link
/// is refused.
public protocol PrivateFiles: Sendable {
    /// The content of a file, or `nil` where there is none.
    ///
    /// - Throws: `StateError`; `.invalid` for a file beyond `limitBytes` or one that isn't private, `.unavailable`
    ///   where it can't be read.
    func read(_ name: String, limitBytes: Int) async throws(StateError) -> [UInt8]?

    /// Makes a new file, readable by its owner only, durable on return.
    ///
    /// - Throws: `StateError`; `.conflict` where the name is taken.
    func create(_ name: String, _ bytes: [UInt8]) async throws(StateError)

    /// Replaces a file in one step, other processes excluded meanwhile.
    ///
    /// - Parameters:
    ///   - durable: Whether the new content is on stable storage on return; without it a crash of the machine may bring
    ///     the old one back.
    ///   - change: Gets the present content and gives the new one; `nil` leaves everything as it is.
    func update(
        _ name: String, limitBytes: Int, durable: Bool,
        _ change: @escaping @Sendable ([UInt8]?) throws(StateError) -> [UInt8]?
    ) async throws(StateError)
}
