#define _GNU_SOURCE

#include "CLinux.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Landlock: Debian's headers are older than what kernels can do, so its structures are declared here (landlock(7)).

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#endif

struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

struct path_rule {
    uint64_t rights;
    int32_t descriptor;
} __attribute__((packed));

struct port_rule {
    uint64_t rights;
    uint64_t port;
};

int CLinux_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1u);
    return version < 0 ? 0 : (int)version;
}

int CLinux_landlock_create(uint64_t files, uint64_t network, uint64_t scopes) {
    struct ruleset ruleset = {files, network, scopes};
    // Older kernels take a shorter structure, or a longer one whose rest is zero.
    return (int)syscall(SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0u);
}

int CLinux_landlock_allow_path(int ruleset, int descriptor, uint64_t rights) {
    struct path_rule rule = {rights, descriptor};
    return (int)syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0u);
}

int CLinux_landlock_allow_port(int ruleset, uint64_t port, uint64_t rights) {
    struct port_rule rule = {rights, port};
    return (int)syscall(SYS_landlock_add_rule, ruleset, 2, &rule, 0u);
}

int CLinux_open_path(const char *path) { return open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC); }

// Seccomp: what looks into other processes, or reaches the kernel by ways that no program on a desk needs.

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
#define REFUSE(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), RETURN(SECCOMP_RET_ERRNO | EPERM)
// As if the kernel were older: programs then do without.
#define HIDE(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), RETURN(SECCOMP_RET_ERRNO | ENOSYS)

// Another architecture's numbers would pass by the list; so would x86-64's second table, from 0x40000000 on.
#define NATIVE_ONLY \
    LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0), RETURN(SECCOMP_RET_ERRNO | ENOSYS), LOAD(nr), \
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), RETURN(SECCOMP_RET_ERRNO | ENOSYS)

#define UNIX_SOCKETS_ONLY \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4), LOAD(args[0]), \
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1), RETURN(SECCOMP_RET_ALLOW), \
        RETURN(SECCOMP_RET_ERRNO | EAFNOSUPPORT)

#define REFUSED \
    REFUSE(ptrace), REFUSE(process_vm_readv), REFUSE(process_vm_writev), REFUSE(kcmp), HIDE(438 /* pidfd_getfd */), \
        HIDE(440 /* process_madvise */), REFUSE(add_key), REFUSE(request_key), REFUSE(keyctl), REFUSE(bpf), \
        REFUSE(perf_event_open), REFUSE(userfaultfd), HIDE(425 /* io_uring_setup */), HIDE(426 /* io_uring_enter */), \
        HIDE(427 /* io_uring_register */), REFUSE(open_by_handle_at), \
        REFUSE(init_module), REFUSE(finit_module), REFUSE(delete_module), REFUSE(kexec_load), \
        REFUSE(reboot), REFUSE(swapon), REFUSE(swapoff), REFUSE(acct), REFUSE(quotactl), REFUSE(settimeofday), \
        REFUSE(clock_settime), REFUSE(adjtimex)

// For a process of many threads, which makes more of them and nothing else.
#define THREADS_ONLY \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4), LOAD(args[0]), \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x00010000 /* CLONE_THREAD */, 0, 1), RETURN(SECCOMP_RET_ALLOW), \
        RETURN(SECCOMP_RET_ERRNO | EPERM)

#define INTERNET_SOCKETS_ONLY \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 6), LOAD(args[0]), \
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 3, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 2, 0), \
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 1, 0), RETURN(SECCOMP_RET_ERRNO | EAFNOSUPPORT), \
        RETURN(SECCOMP_RET_ALLOW)

#ifdef SYS_fork
#define NO_FORK REFUSE(fork), REFUSE(vfork),
#else
#define NO_FORK
#endif

// clone3(2) has its flags in memory, where a filter does not look; without it the C library takes clone(2).
#define SECLUDED \
    NO_FORK HIDE(435 /* clone3 */), REFUSE(execve), REFUSE(execveat), REFUSE(socketpair), REFUSE(kill), \
        HIDE(424 /* pidfd_send_signal */), HIDE(434 /* pidfd_open */), REFUSE(mount), REFUSE(umount2), REFUSE(pivot_root), \
        REFUSE(chroot), REFUSE(unshare), REFUSE(setns), HIDE(428 /* open_tree */), HIDE(429 /* move_mount */), \
        HIDE(430 /* fsopen */), HIDE(432 /* fsmount */), HIDE(433 /* fspick */), HIDE(442 /* mount_setattr */)

int CLinux_seclude(void) {
#ifdef ARCHITECTURE
    static const struct sock_filter calls[] = {
        NATIVE_ONLY, REFUSED, SECLUDED, THREADS_ONLY, INTERNET_SOCKETS_ONLY, RETURN(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof(calls) / sizeof(*calls), .filter = (struct sock_filter *)calls};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    if (result < 0) return errno == EINVAL || errno == ENOSYS ? 1 : -1;
    // Else the id of a thread that could not be put under it.
    if (result == 0) return 0;
    errno = EBUSY;
    return -1;
#else
    return 1;
#endif
}

int CLinux_filter_calls(int is_offline) {
#ifdef ARCHITECTURE
    static const struct sock_filter online[] = {NATIVE_ONLY, REFUSED, RETURN(SECCOMP_RET_ALLOW)};
    static const struct sock_filter offline[] = {NATIVE_ONLY, REFUSED, UNIX_SOCKETS_ONLY, RETURN(SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {
        .len = is_offline ? sizeof(offline) / sizeof(*offline) : sizeof(online) / sizeof(*online),
        .filter = (struct sock_filter *)(is_offline ? offline : online),
    };
    // A kernel without filters is none that keeps the room from running.
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0 || errno == EINVAL || errno == ENOSYS ? 0 : -1;
#else
    (void)is_offline;
    return 0;
#endif
}
