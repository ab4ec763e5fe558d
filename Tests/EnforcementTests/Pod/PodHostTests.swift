// SPDX-License-Identifier: Apache-2.0
import AgentSandbox
import Testing

@Suite("The host's processes and network as seen from a pod", .enforced)
struct PodHostTests {
    static let processProbe = """
        import os, sys
        pid = int(sys.argv[1])
        def attempt(name, body):
            try:
                if body(): print("REACHED", name)
            except Exception as error: pass
        def pidfd():
            libc = __import__("ctypes").CDLL(None)
            return libc.syscall(434, pid, 0) >= 0
        attempt("environ", lambda: open(f"/proc/{pid}/environ", "rb").read())
        attempt("mem", lambda: os.open(f"/proc/{pid}/mem", os.O_RDWR) >= 0)
        attempt("fd", lambda: os.listdir(f"/proc/{pid}/fd"))
        attempt("root", lambda: os.listdir(f"/proc/{pid}/root/"))
        attempt("signal", lambda: os.kill(pid, 0) is None)
        attempt("pidfd", pidfd)
        attempt("list", lambda: any(p.isdigit() and int(p) > 50 for p in os.listdir("/proc")))
        """

    @Test("The host's process can't be seen, read or signalled")
    func process() async throws {
        try await withWorkspace { workspace in
            let arguments = ["/usr/bin/python3", "-c", Self.processProbe, "\(Outside.processID)"]
            #expect(
                reached(Outside.run(arguments).output) == ["environ", "mem", "fd", "root", "signal", "pidfd", "list"],
                "the control must succeed")
            try await withPod(workspace.plan) { (pod) async throws in
                let report = try await pod.run(PodCall(arguments))
                #expect(report.succeeded)
                // A small process id may be one of the call's own; the host's is far above those.
                #expect(reached(report.outputText) == [])
            }
        }
    }

    @Test("The call's own init gives nothing away and can't be ended")
    func callInit() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                let script = """
                    for f in environ mem maps fd/3 root/ cwd/ exe; do cat /proc/1/$f >/dev/null 2>&1 && echo REACHED $f; done
                    ls /proc/1/fd 2>/dev/null && echo REACHED fds; kill -9 1; kill -15 1; kill -STOP 1; echo alive
                    """
                let report = try await pod.shell(script)
                #expect(report.ending == .exited(0) && report.outputText == "alive\n")
            }
        }
    }

    static let networkProbe = """
        import socket, sys
        tcp, udp = int(sys.argv[1]), int(sys.argv[2])
        def attempt(body):
            try: body()
            except OSError: pass
        def connect(protocol, address):
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol); s.settimeout(2)
            s.connect((address, tcp)); s.close()
        def fast_open():
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM); s.settimeout(2)
            s.sendto(b"x", 0x20000000, ("127.0.0.1", tcp)); s.close()
        def datagram(address):
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", (address, udp))
        attempt(lambda: connect(0, "127.0.0.1"))
        attempt(lambda: connect(262, "127.0.0.1"))
        attempt(fast_open)
        attempt(lambda: datagram("127.0.0.1"))
        """

    @Test("Neither TCP, MPTCP, Fast Open nor UDP leads out of the pod")
    func network() async throws {
        try await withWorkspace { workspace in
            let (tcp, udp) = (Outside.listener(stream: true), Outside.listener(stream: false))
            let arguments = ["/usr/bin/python3", "-c", Self.networkProbe, "\(tcp.port)", "\(udp.port)"]
            _ = Outside.run(arguments)
            #expect(Outside.arrivals(tcp.descriptor, stream: true) == 3, "the control must succeed")
            #expect(Outside.arrivals(udp.descriptor, stream: false) == 1, "the control must succeed")
            try await withPod(workspace.plan) { (pod) async throws in
                #expect(try await pod.run(PodCall(arguments)).succeeded)
                #expect(Outside.arrivals(tcp.descriptor, stream: true) == 0)
                #expect(Outside.arrivals(udp.descriptor, stream: false) == 0)
                #expect(
                    try await pod.shell("cat /proc/net/route | wc -l; ls /sys/class/net 2>/dev/null").outputText
                        == "1\n")
                #expect(try await pod.shell("cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d ' '").outputText == "lo\n")
            }
        }
    }

    @Test("A unix socket of the host can't be reached, by path in the workspace or outside, nor by abstract name")
    func unixSockets() async throws {
        try await withWorkspace { workspace in
            let abstract = "agentkit-\(UInt64.random(in: .min ... .max))"
            let listen = """
                import os, socket, sys
                held = []
                for name in sys.argv[1:]:
                    s = socket.socket(socket.AF_UNIX); s.bind(name.replace("@", "\\0")); s.listen(); held.append(s)
                    if name[0] == "/": os.chmod(name, 0o777)
                print("ready", flush=True)
                sys.stdin = None
                import time
                time.sleep(60)
                """
            let connect = """
                import socket, sys
                for name in sys.argv[1:]:
                    try: socket.socket(socket.AF_UNIX).connect(name.replace("@", "\\0")); print("REACHED", name[0:1] + name[-6:])
                    except OSError: pass
                """
            let names = [workspace.path + "/sock-a", workspace.outside + "/sock-b", "@\(abstract)-c"]
            let server = Outside.spawn(["/usr/bin/python3", "-c", listen] + names)
            defer {
                Outside.kill(server)
                _ = Outside.wait(server)
            }
            let client = ["/usr/bin/python3", "-c", connect] + names
            #expect(Outside.eventually { reached(Outside.run(client).output).count == 3 }, "the control must succeed")
            try await withPod(workspace.plan) { (pod) async throws in
                let report = try await pod.run(PodCall(client))
                #expect(report.succeeded && reached(report.outputText) == [])
            }
        }
    }
}
