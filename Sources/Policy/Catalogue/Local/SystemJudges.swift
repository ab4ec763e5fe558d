// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Judges of programs that steer the machine: power, services, network, users.
enum SystemJudges {
    @Sendable static func power(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp || vector.has("-c") && judged.name == "shutdown" { return .reversible }
        if judged.name == "init" || judged.name == "telinit" {
            guard let level = vector.operand(0), ["0", "6", "1", "s", "S"].contains(level) else { return .reversible }
        }
        if vector.hasExactly("--wtmp-only") || vector.hasExactly("-w") && judged.name != "shutdown" { return .reversible }
        return .irreversible("system.power", "stops or restarts the machine")
    }

    private static let vital = [
        "ssh", "network", "docker", "containerd", "postgres", "mysql", "maria", "mongo", "redis", "nginx", "apache", "httpd", "firewalld", "ufw",
        "systemd-", "dbus", "NetworkManager", "wpa_supplicant", "dhcpcd", "resolved", "iptables", "nftables", "kubelet", "etcd", "auditd",
    ]

    @Sendable static func services(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        let words = vector.operands.map(\.word.text)
        if words.contains(where: { ["poweroff", "reboot", "halt", "kexec", "rescue", "emergency", "isolate"].contains($0) }) {
            return .irreversible("system.power", "stops or restarts the machine")
        }
        let stops = words.contains { ["stop", "disable", "mask", "kill", "bootout", "unload", "remove", "shutdown"].contains($0) }
        guard stops else { return words.contains { ["status", "list-units", "show", "is-active", "is-enabled", "cat", "list-unit-files"].contains($0) } ? .read : .reversible }
        if words.contains(where: { word in vital.contains { word.hasPrefix($0) } }) {
            return .unknown("system.service", "stops or restarts a service that others rely on")
        }
        return .reversible.clouded(vector.hidesOptions, "system.service")
    }

    @Sendable static func signals(_ judged: JudgedCommand) -> CommandVerdict? {
        let words = judged.vector.words.map(\.text)
        if judged.vector.has("-l"), judged.name == "kill" { return .read }
        if judged.name == "kill", words.dropFirst().contains("-1") || (words.first == "--" && words.contains("-1")) || words == ["-1"] {
            return .irreversible("system.killAll", "kills every process")
        }
        if words.contains("1"), judged.name == "kill", judged.vector.operands.contains(where: { $0.word.text == "1" }) { return .irreversible("system.killInit", "kills the first process") }
        return .reversible.clouded(judged.vector.hidesOptions && judged.name != "pkill", "system.kill")
    }

    @Sendable static func firewall(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        let words = vector.words.map(\.text)
        func any(_ wanted: Set<String>) -> Bool { words.contains { wanted.contains($0) } }
        switch judged.name {
        case "iptables", "ip6tables", "ebtables":
            if any(["-F", "--flush", "-X", "--delete-chain", "-P", "--policy", "-Z", "-D", "--delete"]) || words.contains(where: { $0.hasPrefix("-F") || $0.hasPrefix("-X") || $0.hasPrefix("--fl") }) {
                return .irreversible("system.firewall", "drops firewall rules")
            }
            return any(["-L", "-S", "--list", "-nL", "-nvL"]) || words.contains { $0.hasPrefix("-L") } ? .read : .reversible
        case "nft":
            return any(["flush", "delete", "destroy", "reset"]) ? .irreversible("system.firewall", "drops firewall rules") : (any(["list"]) ? .read : .reversible)
        case "ipset": return any(["flush", "destroy"]) ? .irreversible("system.firewall", "drops firewall sets") : .reversible
        case "ufw":
            if words.contains("--dry-run") { return .read }
            return any(["disable", "reset", "delete"]) ? .irreversible("system.firewall", "turns the firewall off or drops its rules") : (any(["status", "show"]) ? .read : .reversible)
        case "pfctl": return any(["-F", "-d", "-X"]) || words.contains { $0.hasPrefix("-F") } ? .irreversible("system.firewall", "turns the firewall off") : .reversible
        default: return words.contains { $0.hasPrefix("--remove") || $0.hasPrefix("--complete-reload") || $0.hasPrefix("--panic") || $0.hasPrefix("--delete") } ? .irreversible("system.firewall", "drops firewall rules") : .reversible
        }
    }

    @Sendable static func network(_ judged: JudgedCommand) -> CommandVerdict? {
        let words = judged.vector.words.map(\.text)
        func any(_ wanted: Set<String>) -> Bool { words.contains { wanted.contains($0) } }
        switch judged.name {
        case "ip":
            if any(["flush", "del", "delete", "down"]) { return .irreversible("system.network", "takes network links, addresses or routes away") }
            return any(["add", "set", "change", "replace"]) ? .reversible : .read
        case "ifconfig", "nmcli", "networksetup", "tc":
            return any(["down", "off", "delete", "del", "disconnect", "-alias", "modify"]) || words.contains { $0.hasPrefix("-setairportpower") || $0.hasPrefix("-setnetworkserviceenabled") }
                ? .irreversible("system.network", "takes the network down") : .reversible
        case "ifdown": return judged.vector.asksForHelp ? .read : .irreversible("system.network", "takes the network down")
        case "route": return any(["del", "delete", "flush"]) ? .irreversible("system.network", "takes routes away") : .reversible
        default: return any(["apply", "try"]) ? .unknown("system.network", "changes the network") : .reversible
        }
    }

    @Sendable static func schedules(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if judged.name == "atrm" || judged.name == "at" && vector.has(any: "-r", "-d") { return .irreversible("system.schedule", "removes scheduled jobs") }
        guard judged.name == "crontab" else { return .unknown("system.schedule", "schedules commands that are not read here") }
        if vector.words.contains(where: { $0.text.hasPrefix("-") && !$0.text.hasPrefix("--") && $0.text.contains("r") }) {
            return .irreversible("system.schedule", "removes all scheduled jobs")
        }
        if vector.hasExactly("-l") || vector.has("-l") { return .read }
        if vector.hasExactly("-e") { return .reversible }
        return .unknown("system.schedule", "replaces all scheduled jobs")
    }

    @Sendable static func users(_ judged: JudgedCommand) -> CommandVerdict? {
        if judged.vector.asksForHelp { return .read }
        switch judged.name {
        case "passwd": return judged.vector.has("-S") ? .read : .unknown("system.password", "changes a password")
        case "usermod": return .unknown("system.user", "changes a user")
        default: return .irreversible("system.user", "removes a user or group")
        }
    }

    @Sendable static func history(_ judged: JudgedCommand) -> CommandVerdict? {
        guard judged.name == "history" else { return .unknown("system.history", "runs an earlier command again") }
        return judged.vector.has(any: "-c", "-d") ? .irreversible("system.history", "removes the shell's history") : .read
    }

    @Sendable static func packages(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        let words = vector.words.map(\.text)
        if words.contains(where: { ["-s", "--simulate", "--dry-run", "--assumeno"].contains($0) }) { return .read }
        switch judged.name {
        case "gem" where words.first == "push": return .irreversible("publish.gem", "publishes a package for all to see")
        case "gem" where words.first == "yank": return .irreversible("publish.gemYank", "withdraws a published package")
        case "dpkg", "rpm":
            return words.contains { ["--purge", "-P", "-r", "--remove", "-e", "--erase"].contains($0) } ? .unknown("system.package", "removes packages") : .reversible
        case "pacman": return words.contains { $0.hasPrefix("-R") } ? .unknown("system.package", "removes packages") : .reversible
        default:
            let verb = vector.operand(0) ?? ""
            if ["purge", "autoremove", "autopurge"].contains(verb) || (["remove", "erase", "uninstall"].contains(verb) && !["pip", "pip3", "gem", "brew"].contains(judged.name)) {
                return .unknown("system.package", "removes packages")
            }
            return ["list", "search", "show", "info", "freeze", "check", "policy", "query"].contains(verb) ? .read : .reversible
        }
    }

    @Sendable static func kernel(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        let words = vector.words.map(\.text)
        switch judged.name {
        case "sysctl": return words.contains { $0 == "-w" || $0.contains("=") || $0.hasPrefix("-p") } ? .unknown("system.kernel", "changes kernel settings") : .read
        case "modprobe", "rmmod", "insmod", "setenforce", "update-grub", "grub-install", "efibootmgr": return .unknown("system.kernel", "changes the kernel or how the machine starts")
        case "journalctl": return words.contains { $0.hasPrefix("--vacuum") || $0 == "--rotate" } ? .irreversible("system.logs", "removes logs") : .read
        case "logrotate": return .unknown("system.logs", "rotates logs away")
        default: return .reversible
        }
    }
}
