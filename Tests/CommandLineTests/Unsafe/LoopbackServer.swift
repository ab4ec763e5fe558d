// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A server on the loopback that keeps what it was sent and answers `200 done`.
final class LoopbackServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let received = Mutex<[String]>([])

    /// The requests so far, each whole.
    var requests: [String] { received.withLock { $0 } }

    struct Failed: Error {}

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let own = listener
        // SAFETY: the address is a local variable of the size that is told, used only during the calls.
        let isReady = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                unsafe bind(own, plain, length) == 0 && listen(own, 16) == 0 && getsockname(own, plain, &length) == 0
            }
        }
        guard isReady else { throw Failed() }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Serves until `stop()`, on a thread of its own.
    func start() {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        // SAFETY: the thread takes the retained reference over and releases it.
        _ = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<LoopbackServer>.fromOpaque(argument).takeRetainedValue().serve()
                return nil
            }, box.toOpaque())
        _ = pthread_detach(thread)
    }

    /// Ends the listening; the thread ends with it.
    func stop() { _ = shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve() {
        while true {
            // SAFETY: no address is asked for.
            let connection = unsafe accept(listener, nil, nil)
            guard connection >= 0 else { break }
            let text = Self.request(from: connection)
            if !text.isEmpty { received.withLock { $0.append(text) } }
            let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone".utf8)
            // SAFETY: the array outlives the call and is as long as told.
            _ = unsafe send(connection, answer, answer.count, Int32(MSG_NOSIGNAL.rawValue))
            close(connection)
        }
        close(listener)
    }

    /// Head and body, as far as `Content-Length` goes.
    private static func request(from connection: Int32) -> String {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.firstRange(of: "\r\n\r\n") {
                let head = text[..<end.lowerBound].lowercased()
                let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).filter { !$0.isWhitespace }) } ?? 0
                if text[end.upperBound...].utf8.count >= length { return text }
            }
            // SAFETY: the buffer is as long as told.
            let count = unsafe recv(connection, &part, part.count, 0)
            guard count > 0 else { return text }
            bytes += part[..<count]
        }
    }
}
