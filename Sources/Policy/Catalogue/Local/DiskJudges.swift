// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Judges of programs for disks and file systems.
enum DiskJudges {
    /// Whether every path among the operands is a plain file, such as a disk image, in the workspace or a temporary folder.
    private static func worksOnImage(_ judged: JudgedCommand) -> Bool {
        let paths = judged.vector.operands.map(\.word).filter { $0.text.contains("/") || $0.text.contains(".") }
        return !paths.isEmpty && paths.allSatisfy { [.inside, .temporary].contains(judged.place($0)) }
    }

    @Sendable static func format(_ judged: JudgedCommand) -> CommandVerdict? {
        if judged.vector.asksForHelp || judged.vector.hasExactly("-h") || judged.vector.has("-V") || judged.vector.hasExactly("-n") && judged.name != "mkfs.fat" && judged.name != "mkfs.vfat" { return .read }
        if worksOnImage(judged) { return .reversible }
        return .irreversible("disk.format", "makes a new file system over what was there")
    }

    @Sendable static func partition(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        switch judged.name {
        case "partprobe": return .reversible
        case "blockdev": return vector.words.contains { $0.text.hasPrefix("--set") || $0.text.hasPrefix("--flush") || $0.text.hasPrefix("--reread") } ? .unknown("disk.blockdev", "changes how a disk is used") : .read
        case "hdparm":
            let harms = vector.words.contains { $0.text.hasPrefix("--security") || $0.text.hasPrefix("--trim") || $0.text.hasPrefix("--write") || $0.text.hasPrefix("--make-bad") }
            return harms ? .irreversible("disk.erase", "erases a disk") : .reversible
        case "badblocks": return vector.has("-w") ? .irreversible("disk.erase", "writes over a disk") : .read
        case "nvme":
            let verb = vector.operand(0) ?? ""
            return ["format", "sanitize", "delete-ns", "write-zeroes", "write", "dsm"].contains(verb) ? .irreversible("disk.erase", "erases a disk") : .read
        case "wipefs":
            guard vector.has(any: "-a", "--all", "-o", "--offset") else { return .read }
        case "fdisk", "gdisk", "sfdisk", "sgdisk":
            let onlyShows = vector.words.contains { ["-l", "--list", "-s", "-d", "--dump", "-J", "--json", "-p", "--print", "-V", "-v", "-x", "-i"].contains($0.text) }
            let writes = vector.words.contains { ["-f", "--force", "-w", "-o", "-z", "-Z", "--delete", "-n"].contains($0.text) }
            if onlyShows, !writes { return .read }
        case "parted":
            if vector.has(any: "-l", "--list") { return .read }
            let words = vector.operands.dropFirst().map(\.word.text)
            if !words.isEmpty, words.allSatisfy({ ["print", "unit", "quit", "free", "help", "MiB", "s", "MB"].contains($0) }) { return .read }
        default: break
        }
        if worksOnImage(judged) { return .reversible }
        return .irreversible("disk.partition", "changes a disk's partitions or wipes its signatures")
    }

    @Sendable static func volumes(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        let verb = vector.operand(0) ?? ""
        switch judged.name {
        case "lvremove", "vgremove", "pvremove", "lvreduce", "vgreduce", "pvcreate":
            return vector.has("--test") || vector.hasExactly("-t") ? .read : .irreversible("disk.\(judged.name)", "removes or shrinks logical volumes")
        case "lvresize", "resize2fs", "tune2fs", "e2fsck", "fsck", "debugfs", "dmsetup":
            return .unknown("disk.\(judged.name)", "changes a file system or volume in place")
        case "mdadm":
            let harms = vector.words.contains { ["--zero-superblock", "--fail", "-f", "--remove", "-r", "--stop", "-S", "--create", "-C"].contains($0.text) }
            return harms ? .irreversible("disk.mdadm", "takes a RAID array apart") : .reversible
        case "cryptsetup":
            if ["status", "luksdump", "isluks", "luksuuid", "benchmark"].contains(verb.lowercased()) { return .read }
            if ["open", "luksopen", "luksaddkey", "luksheaderbackup"].contains(verb.lowercased()) { return .reversible }
            return .irreversible("disk.cryptsetup", "changes or erases a disk's encryption keys, or closes it")
        case "zpool", "zfs", "btrfs":
            let words = vector.operands.prefix(2).map(\.word.text)
            if words.contains(where: { ["destroy", "rollback", "labelclear", "delete", "split", "detach", "remove"].contains($0) }) {
                if vector.hasExactly("-n"), judged.name == "zfs" { return .read }
                return .irreversible("disk.\(judged.name)", "destroys a pool, volume or snapshot")
            }
            return words.contains { ["list", "status", "get", "history", "show", "iostat"].contains($0) } ? .read : .reversible
        case "diskutil":
            let lower = verb.lowercased()
            return ["list", "info", "mount", "unmount"].contains(lower) ? .reversible : .irreversible("disk.diskutil", "erases or changes a disk")
        case "restore":
            let hasDevice = vector.operands.contains { judged.place($0.word) == .device }
            return hasDevice ? .irreversible("disk.restore", "restores over a disk") : .reversible
        default: return .reversible
        }
    }

    @Sendable static func mount(_ judged: JudgedCommand) -> CommandVerdict? {
        let hasDevice = judged.vector.operands.contains { judged.place($0.word) == .device }
        guard hasDevice, judged.name == "mount" else { return .reversible }
        if let options = judged.vector.value(of: "-o", "--options")?.text.split(separator: ","), options.contains("ro"), !options.contains("rw") { return .reversible }
        if judged.vector.hasExactly("-r") { return .reversible }
        return .unknown("disk.mount", "mounts a disk for writing")
    }
}
