// SPDX-License-Identifier: Apache-2.0

extension SystemCallTable {
    static let ordinary: [SystemCallRule] = [
        SystemCallRule(
            """
            read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range dup dup2 dup3 fcntl flock \
            open openat openat2 creat stat fstat lstat newfstatat statx access faccessat faccessat2 getdents getdents64 getcwd chdir \
            fchdir readlink readlinkat statfs fstatfs
            """, .allow, "files within the view"),
        SystemCallRule(
            """
            rename renameat renameat2 mkdir mkdirat rmdir link linkat unlink unlinkat symlink symlinkat truncate ftruncate fallocate \
            fsync fdatasync sync syncfs sync_file_range chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat umask utime utimes \
            futimesat utimensat setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr \
            lremovexattr fremovexattr copy_file_range sendfile splice tee readahead fadvise64
            """, .allow, "changes to files, which land in the layer"),
        SystemCallRule("inotify_init inotify_init1 inotify_add_watch inotify_rm_watch", .allow, "watching files"),
        SystemCallRule(
            """
            mmap munmap mprotect mremap brk madvise msync mincore mlock mlock2 munlock mlockall munlockall membarrier memfd_create \
            pkey_alloc pkey_free pkey_mprotect get_mempolicy
            """, .allow, "own memory"),
        SystemCallRule(
            """
            fork vfork execve exit exit_group wait4 waitid kill tkill tgkill pidfd_open pidfd_send_signal getpid getppid gettid getpgid \
            setpgid getpgrp setsid getsid set_tid_address set_robust_list get_robust_list rseq arch_prctl
            """, .allow, "processes of the call"),
        SystemCallRule(
            """
            getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid setregid setresuid setresgid setfsuid \
            setfsgid setgroups capget capset
            """, .allow, "ids: without capabilities only the own ones"),
        SystemCallRule(
            """
            getrlimit setrlimit prlimit64 getrusage times getpriority setpriority ioprio_get ioprio_set sched_yield sched_getaffinity \
            sched_setaffinity sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_get_priority_max \
            sched_get_priority_min sched_rr_get_interval sched_getattr sched_setattr getcpu
            """, .allow, "limits and scheduling"),
        SystemCallRule(
            """
            rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend rt_sigqueueinfo rt_tgsigqueueinfo \
            sigaltstack pause alarm signalfd signalfd4 restart_syscall
            """, .allow, "signals"),
        SystemCallRule(
            """
            nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time getitimer setitimer timer_create timer_settime \
            timer_gettime timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime
            """, .allow, "time, reading and waiting"),
        SystemCallRule(
            """
            futex futex_waitv pipe pipe2 poll ppoll select pselect6 eventfd eventfd2 epoll_create epoll_create1 epoll_ctl epoll_wait \
            epoll_pwait epoll_pwait2 shmget shmat shmctl shmdt semget semop semtimedop semctl msgget msgsnd msgrcv msgctl mq_open \
            mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
            """, .allow, "talk between processes of the pod"),
        SystemCallRule(
            """
            bind connect listen accept accept4 getsockname getpeername getsockopt sendto recvfrom sendmsg recvmsg sendmmsg \
            recvmmsg shutdown
            """, .allow, "sockets, in a network namespace without a route"),
        SystemCallRule(
            "landlock_create_ruleset landlock_add_rule landlock_restrict_self", .allow,
            "a program may confine itself further"),
        SystemCallRule("uname sysinfo getrandom", .allow, "facts about the machine"),
    ]

    static let refused: [SystemCallRule] = [
        SystemCallRule(
            "unshare setns", .refuse(permissionDenied), "new or other namespaces open the kernel's privileged code"),
        SystemCallRule(
            """
            mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree mount_setattr
            """, .refuse(permissionDenied), "the view is ours to make"),
        SystemCallRule(
            "io_uring_setup io_uring_enter io_uring_register", .refuse(noSystemCall),
            "its operations pass by the filter"),
        SystemCallRule(
            "bpf perf_event_open userfaultfd", .refuse(permissionDenied),
            "a large part of the kernel, often the way to exploit it"),
        SystemCallRule(
            "keyctl add_key request_key", .refuse(noSystemCall), "keys are shared by user id across namespaces"),
        SystemCallRule(
            "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd", .refuse(permissionDenied),
            "other processes' memory and descriptors"),
        SystemCallRule(
            "open_by_handle_at name_to_handle_at", .refuse(permissionDenied), "files by number, past the view"),
        SystemCallRule(
            """
            kexec_load kexec_file_load init_module finit_module delete_module create_module query_module get_kernel_syms quotactl \
            quotactl_fd acct swapon swapoff reboot syslog iopl ioperm settimeofday clock_settime clock_adjtime adjtimex sethostname \
            setdomainname vhangup nfsservctl uselib lookup_dcookie sysfs _sysctl ustat fanotify_init fanotify_mark
            """, .refuse(permissionDenied), "the machine's own"),
        SystemCallRule(
            "vmsplice move_pages migrate_pages mbind set_mempolicy remap_file_pages memfd_secret",
            .refuse(permissionDenied),
            "memory tricks that no tool needs"),
    ]
}
