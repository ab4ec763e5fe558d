// SPDX-License-Identifier: Apache-2.0

extension Pod {
    /// Finds out what this machine can enforce by doing it: opens a pod on an empty folder and looks at a program's state from inside.
    ///
    /// - Parameters:
    ///   - unprivilegedID: Whom to run as where the host is root.
    ///   - folder: An existing folder in which an empty one is made, and removed again.
    /// - Returns: A report with, for each gap, what closes it. Never throws: no pod is an answer too.
    public static func probe(unprivilegedID: PodPlan.UnprivilegedID? = nil, in folder: String = "/tmp") async
        -> EnforcementReport
    {
        do throws(SandboxError) {
            let workspace = try SandboxError.wrap(.setUpFailed, .probe) { () throws(KernelError) in
                try Kernel.makeTemporaryFolder(in: folder)
            }
            defer { Kernel.removeEmptyFolder(workspace) }
            var plan = PodPlan(workspace: workspace)
            plan.unprivilegedID = unprivilegedID
            plan.requiredLayers = []
            let pod = try await Pod.open(plan)
            var report = pod.report
            do throws(SandboxError) {
                let status = try await pod.run(PodCall(["cat", "/proc/self/status"]))
                Self.compare(status.outputText, with: &report)
            } catch {
                report = EnforcementReport(failedAt: error)
            }
            await pod.close()
            return report
        } catch {
            return EnforcementReport(failedAt: error)
        }
    }

    private static func compare(_ status: String, with report: inout EnforcementReport) {
        var fields: [Substring: Substring] = [:]
        for line in status.split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        let none = "0000000000000000"
        let sets: [Substring] = ["CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"]
        if !sets.allSatisfy({ fields[$0].map { $0 == none } ?? false }) || fields["NoNewPrivs:"] != "1" {
            report.withdraw(.privileges, because: "a program inside still has privileges")
        }
        if fields["Seccomp:"] != "2" { report.withdraw(.seccomp, because: "a program inside runs without a filter") }
    }
}
