// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A secret's bytes, in memory that is neither swapped out nor written to a core dump, and overwritten when the value
/// goes.
///
/// It can't be copied, printed, compared or encoded. The memory is a locked private mapping that a forked child sees as
/// zeros. Where locking is refused (`RLIMIT_MEMLOCK`) the secret is still kept, and `isLocked` says so.
///
/// - SeeAlso: mlock(2), madvise(2) for `MADV_DONTDUMP` and `MADV_WIPEONFORK`.
@safe
package struct Secret: ~Copyable, @unchecked Sendable {
    // SAFETY: the mapping is written only in `init`, before anyone else sees it; after that it is read, until `deinit`,
    // which has it alone.
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    /// The length in bytes.
    package let count: Int
    /// Whether the pages are kept out of swap.
    package let isLocked: Bool

    /// Takes a copy of `bytes`.
    ///
    /// - Throws: `SecretsError.unavailable` where no memory can be mapped.
    package init(_ bytes: borrowing Span<UInt8>) throws(SecretsError) {
        let page = 4096
        let capacity = max(1, (bytes.count + page - 1) / page) * page
        guard let mapping = unsafe Self.map(capacity) else {
            throw SecretsError(
                .unavailable, .vault, "no memory can be mapped for a secret; free some, or raise the limit",
                errno: errno)
        }
        // SAFETY: the mapping is `capacity` bytes, at least `bytes.count`, writable, and nobody else's yet.
        unsafe self.base = mapping.base
        self.capacity = capacity
        self.count = bytes.count
        self.isLocked = unsafe mapping.isLocked
        for index in bytes.indices {
            // SAFETY: `index` is below `bytes.count`, which is at most `capacity`.
            unsafe self.base.storeBytes(of: bytes[index], toByteOffset: index, as: UInt8.self)
        }
    }

    deinit {
        // SAFETY: the mapping is ours alone here. `explicit_bzero` isn't optimised away.
        unsafe explicit_bzero(base, capacity)
        unsafe munmap(base, capacity)
    }

    /// Calls `body` with the bytes, which must not outlive the call.
    package borrowing func withBytes<Result, Failure: Error>(_ body: (borrowing Span<UInt8>) throws(Failure) -> Result)
        throws(Failure) -> Result
    {
        // SAFETY: the mapping holds `count` initialised bytes and lives as long as `self`, which is borrowed for the
        // call.
        let buffer = unsafe UnsafeRawBufferPointer(start: base, count: count)
        let span = unsafe Span<UInt8>(_unsafeBytes: buffer)
        return try body(span)
    }

    private static func map(_ capacity: Int) -> (base: UnsafeMutableRawPointer, isLocked: Bool)? {
        // SAFETY: an anonymous mapping at an address of the kernel's choice touches nothing that exists.
        let pointer = unsafe mmap(nil, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let pointer = unsafe pointer, unsafe pointer != MAP_FAILED else { return nil }
        // SAFETY: the range is the mapping just made.
        let isLocked = unsafe mlock(pointer, capacity) == 0
        unsafe _ = madvise(pointer, capacity, Int32(MADV_DONTDUMP))
        unsafe _ = madvise(pointer, capacity, Int32(MADV_WIPEONFORK))
        return unsafe (pointer, isLocked)
    }
}
