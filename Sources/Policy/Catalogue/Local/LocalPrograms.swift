// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Programs that work on this machine: their judges, and those that only read.
enum LocalPrograms {
    static let judges: [String: Catalogue.Judge] = {
        var all: [String: Catalogue.Judge] = [:]
        func add(_ names: String, _ judge: @escaping Catalogue.Judge) {
            for name in names.split(separator: " ") { all[String(name)] = judge }
        }
        add("rm grm unlink rmdir trash srm", FileJudges.remove)
        add("shred gshred wipe scrub", FileJudges.shred)
        add("truncate gtruncate", FileJudges.truncate)
        add("dd gdd dcfldd ddrescue", FileJudges.copyBlocks)
        add("mv gmv", FileJudges.move)
        add("cp gcp install ln", FileJudges.copy)
        add("tee sponge gtee", FileJudges.tee)
        add("find gfind fd fdfind", FileJudges.find)
        add("rsync", FileJudges.rsync)
        add("chmod chown chgrp chattr setfacl gchmod gchown", FileJudges.permissions)
        add("tar bsdtar unzip 7z zip gzip", FileJudges.archive)
        add("sed gsed", FileJudges.edit)
        add("curl wget http https xh xhs", FileJudges.download)
        add("git", GitJudge.judge)
        add("mkswap mkfs mke2fs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mkfs.ntfs mkfs.f2fs mkfs.exfat mkdosfs newfs format", DiskJudges.format)
        add("wipefs blkdiscard fdisk gdisk sfdisk cfdisk sgdisk cgdisk parted partprobe hdparm badblocks nvme blockdev", DiskJudges.partition)
        add("lvremove vgremove pvremove lvreduce vgreduce lvresize pvcreate mdadm cryptsetup zpool zfs btrfs dmsetup e2fsck fsck resize2fs tune2fs debugfs losetup diskutil swapoff restore", DiskJudges.volumes)
        add("mount umount", DiskJudges.mount)
        add("shutdown reboot poweroff halt init telinit", SystemJudges.power)
        add("systemctl service rc-service launchctl initctl supervisorctl", SystemJudges.services)
        add("kill pkill killall skill", SystemJudges.signals)
        add("iptables ip6tables nft ufw firewall-cmd pfctl ebtables ipset", SystemJudges.firewall)
        add("ip ifconfig ifdown nmcli route tc netplan networksetup", SystemJudges.network)
        add("crontab at atrm", SystemJudges.schedules)
        add("userdel groupdel deluser delgroup passwd usermod", SystemJudges.users)
        add("history fc", SystemJudges.history)
        add("apt apt-get dpkg yum dnf rpm pacman zypper brew snap flatpak port apk pip pip3 gem", SystemJudges.packages)
        add("sysctl modprobe rmmod insmod swapon setenforce journalctl logrotate update-grub grub-install efibootmgr dmidecode", SystemJudges.kernel)
        add("docker podman nerdctl docker-compose podman-compose", ContainerJudges.judge)
        add("npm pnpm yarn bun npx pnpx bunx yarnpkg make gmake just task rake ninja cmake gradle mvn ant bazel tox nox invoke fab cargo go deno twine poetry uv hatch flit", BuildJudges.judge)
        add("psql mysql mariadb sqlite3 cockroach duckdb clickhouse-client sqlcmd bq", DatabaseJudges.statement)
        add("redis-cli valkey-cli keydb-cli mongosh mongo cqlsh", DatabaseJudges.store)
        add("flushall flushdb") { _ in .irreversible("redis.flush", "empties a store") }
        add("dropdb dropuser pg_restore pg_dropcluster mysqladmin pg_resetwal createdb mongorestore pg_dump pg_dumpall mysqldump mongodump", DatabaseJudges.tools)
        add("railway", RailwayCommand.judge)
        return all
    }()

    /// Programs that only read, compute or print, whatever their arguments (redirections are judged apart).
    static let readers: Set<String> = Set(
        """
        echo printf cat tac head tail less more grep egrep fgrep zgrep rg ag ack ls ll dir tree pwd wc sort uniq cut tr nl od xxd hexdump strings file stat \
        du df free uptime uname hostname whoami id groups who w last date cal env printenv which whereis type test [ true false : sleep seq yes \
        basename dirname realpath readlink md5sum sha1sum sha256sum sha512sum cksum sum diff cmp comm join paste fold fmt column expand rev \
        jq yq xq bc expr factor ps pgrep top htop lsof netstat ss vmstat iostat free lscpu lsblk lsusb lspci dmesg getent locale tput tty \
        man info help apropos whatis command-not-found dig nslookup host ping traceroute mtr whois nproc arch getconf cd pushd popd dirs export set unset alias \
        unalias local declare typeset readonly shift read mapfile readarray getopts let return exit break continue wait jobs bg fg umask ulimit times hash \
        source-highlight bat exa eza fzf cloc tokei shellcheck hadolint actionlint jsonlint xmllint base64 base32 iconv tsort shuf numfmt getfacl lsattr \
        env.exe clear reset-term stty locate mdfind zcat bzcat xzcat ldd nm objdump readelf size awk gawk mawk nawk python python3 perl ruby node php lua trap \
        command builtin exec time nohup nice timeout env sudo xargs parallel
        """.split(separator: " ").map(String.init))
}

/// What redirections and pipes into files do.
extension Catalogue {
    func judgeRedirections(_ command: ReadCommand) -> CommandVerdict {
        guard !command.redirections.isEmpty else { return .read }
        var verdict = CommandVerdict.read
        for redirection in command.redirections where redirection.writes {
            let place = PathFacts.place(of: redirection.target, in: command.directory)
            let names = redirection.target.isPattern ? PathPlace.unknown : place
            // A redirection alone, or of a program that prints nothing, only empties the file.
            let empties = redirection.overwrites
                && (command.argv.isEmpty || [":", "true"].contains(command.program ?? ""))
            switch names {
            case .sink: continue
            case .device: verdict.add(.irreversible("local.overwriteDevice", "writes over a device"))
            case .outside where redirection.overwrites:
                verdict.add(.irreversible("local.overwrite", "overwrites a file outside the workspace"))
            case .outside: verdict.add(.unknown("local.append", "adds to a file outside the workspace"))
            case .inside where empties: verdict.add(.irreversible("local.empty", "empties a file"))
            case .unknown, .whole: verdict.add(.unknown("local.write", "writes a file whose place is only known when it runs"))
            default: verdict.add(.reversible)
            }
        }
        return verdict
    }
}
