// SPDX-License-Identifier: Apache-2.0

/// Small files that programs expect below `/etc`; a plan's own file at the same path takes the place of one of these.
enum StandardFiles {
    static let user = "agent"
    static let home = "/tmp"

    static func all(_ plan: ResolvedPlan) -> [PodPlan.GeneratedFile] {
        let (uid, gid) = (plan.identity.uid, plan.identity.gid)
        let nobody = uid == 65534 ? "" : "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
        let noGroup = gid == 65534 ? "" : "nogroup:x:65534:\n"
        let files: [(String, String)] = [
            ("/etc/passwd", "\(user):x:\(uid):\(gid):agent:\(home):/bin/sh\n\(nobody)"),
            ("/etc/group", "\(user):x:\(gid):\n\(noGroup)"),
            ("/etc/hosts", "127.0.0.1 localhost \(plan.plan.hostname)\n::1 localhost\n"),
            ("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"),
            (
                "/etc/nsswitch.conf",
                "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"
            ),
            ("/etc/hostname", "\(plan.plan.hostname)\n"),
        ]
        let own = Set(plan.plan.generatedFiles.map(\.path))
        let inView = plan.view.map(\.path)
        return files.filter { path, _ in
            !own.contains(path) && !inView.contains { $0 == path || path.hasPrefix($0 + "/") }
        }.map { PodPlan.GeneratedFile(path: $0.0, text: $0.1) }
    }
}
