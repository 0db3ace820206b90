internal import CSandbox
internal import Glibc

/// Lists of system calls: what strace saw the daemon and its helpers make, and what glibc and the kernel may choose in the
/// place of one of these.
package enum SystemCalls {
    /// The name of a number; nil where libseccomp knows none.
    static func name(_ number: CInt) -> String? {
        // SAFETY: the text is copied, then freed.
        guard let text = unsafe seccomp_syscall_resolve_num_arch(UInt32(SCMP_ARCH_NATIVE), number) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    /// Beside a libvirt that is a process of its own: the daemon, skopeo, qemu-img and the probe of the accelerator.
    package static let daemon: [String] = memory + processes + files + descriptors + sockets + time + signals

    /// A program that only reads a few files and writes others: no sockets, no programs, no other processes.
    package static let helper: [String] =
        memory + signals + descriptors + time + [
            "access", "clone", "clone3", "exit", "exit_group", "faccessat", "faccessat2", "fallocate", "fchmod",
            "fdatasync",
            "flock", "fstat", "fstatfs", "fsync", "ftruncate", "futex", "getcwd", "getdents64", "getegid", "geteuid",
            "getgid",
            "getpid", "getppid", "getrandom", "getrusage", "gettid", "getuid", "lseek", "lstat", "newfstatat", "open",
            "openat",
            "prctl", "pread64", "prlimit64", "pwrite64", "pwritev", "readlink", "readlinkat", "rseq",
            "sched_getaffinity",
            "sched_yield", "set_robust_list", "set_tid_address", "stat", "statfs", "statx", "sysinfo", "uname",
            "unlink",
            "unlinkat",
        ]

    /// What no daemon, no libvirt and no QEMU needs: with the embedded libvirt all else must stay.
    package static let refused: [String] = [
        "_sysctl", "acct", "add_key", "afs_syscall", "clock_adjtime", "clock_settime", "create_module", "fsconfig",
        "fsmount",
        "fsopen", "fspick", "get_kernel_syms", "getpmsg", "ioperm", "iopl", "kcmp", "kexec_file_load", "kexec_load",
        "keyctl", "lookup_dcookie", "migrate_pages", "modify_ldt", "nfsservctl", "open_by_handle_at", "perf_event_open",
        "personality", "pidfd_getfd", "process_madvise", "process_vm_readv", "process_vm_writev", "ptrace", "putpmsg",
        "query_module", "quotactl", "quotactl_fd", "reboot", "request_key", "security", "settimeofday", "stime",
        "swapoff",
        "swapon", "sysfs", "syslog", "tuxcall", "uselib", "ustat", "vhangup", "vserver",
    ]

    /// Those that programs try, and do without: to them the kernel seems to have none.
    static let optional: Set = ["io_uring_enter", "io_uring_register", "io_uring_setup"]

    private static let memory = [
        "brk", "get_mempolicy", "madvise", "mbind", "membarrier", "memfd_create", "mincore", "mlock", "mlock2", "mmap",
        "mprotect", "mremap", "msync", "munlock", "munmap", "set_mempolicy",
    ]

    private static let processes = [
        "arch_prctl", "capget", "capset", "clone", "clone3", "execve", "execveat", "exit", "exit_group", "fork",
        "futex",
        "futex_waitv", "get_robust_list", "getegid", "geteuid", "getgid", "getgroups", "getpgid", "getpgrp", "getpid",
        "getppid", "getpriority", "getresgid", "getresuid", "getrlimit", "getrusage", "getsid", "gettid", "getuid",
        "kill",
        "pidfd_open", "pidfd_send_signal", "prctl", "prlimit64", "rseq", "sched_get_priority_max",
        "sched_get_priority_min", "sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler",
        "sched_setaffinity", "sched_setscheduler", "sched_yield", "seccomp", "set_robust_list", "set_tid_address",
        "setgid",
        "setgroups", "setpgid", "setpriority", "setregid", "setresgid", "setresuid", "setreuid", "setrlimit", "setsid",
        "setuid", "sysinfo", "tgkill", "tkill", "umask", "uname", "vfork", "wait4", "waitid",
    ]

    private static let files = [
        "access", "chdir", "chmod", "chown", "copy_file_range", "creat", "faccessat", "faccessat2", "fadvise64",
        "fallocate",
        "fchdir", "fchmod", "fchmodat", "fchown", "fchownat", "fdatasync", "fgetxattr", "flistxattr", "flock",
        "fremovexattr", "fsetxattr", "fstat", "fstatfs", "fsync", "ftruncate", "futimesat", "getcwd", "getdents",
        "getdents64", "getxattr", "inotify_add_watch", "inotify_init", "inotify_init1", "inotify_rm_watch",
        "landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self", "lchown", "lgetxattr", "link",
        "linkat",
        "listxattr", "llistxattr", "lseek", "lstat", "mkdir", "mkdirat", "name_to_handle_at", "newfstatat", "open",
        "openat",
        "openat2", "readlink", "readlinkat", "rename", "renameat", "renameat2", "rmdir", "stat", "statfs", "statx",
        "symlink", "symlinkat", "sync_file_range", "syncfs", "truncate", "unlink", "unlinkat", "utime", "utimensat",
        "utimes",
    ]

    private static let descriptors = [
        "close", "close_range", "dup", "dup2", "dup3", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait",
        "epoll_pwait2", "epoll_wait", "eventfd", "eventfd2", "fcntl", "io_cancel", "io_destroy", "io_getevents",
        "io_pgetevents", "io_setup", "io_submit", "ioctl", "pipe", "pipe2", "poll", "ppoll", "pread64", "preadv",
        "preadv2",
        "pselect6", "pwrite64", "pwritev", "pwritev2", "read", "readahead", "readv", "select", "sendfile", "splice",
        "tee",
        "write", "writev",
    ]

    private static let sockets = [
        "accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt", "listen", "recvfrom",
        "recvmmsg",
        "recvmsg", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown", "socket", "socketpair",
    ]

    private static let time = [
        "alarm", "clock_getres", "clock_gettime", "clock_nanosleep", "getitimer", "getrandom", "gettimeofday",
        "nanosleep",
        "setitimer", "time", "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_settime",
        "timerfd_create", "timerfd_gettime", "timerfd_settime", "times",
    ]

    private static let signals = [
        "pause", "restart_syscall", "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo",
        "rt_sigreturn",
        "rt_sigsuspend", "rt_sigtimedwait", "rt_tgsigqueueinfo", "sigaltstack", "signalfd", "signalfd4",
    ]
}
