#define _GNU_SOURCE

#include "CLinux.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

// In the child of vfork(2) the parent's memory is in use, and its other threads run: system calls only. Those that change whom
// the process runs as are made directly, because glibc's would change the parent's threads.

// So that execve(2) gives none back, not even to root.
static void bound_capabilities(void) {
    for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static int drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    return (int)syscall(SYS_capset, &header, none);
}

static int become_user(int64_t user, int64_t group) {
    if (syscall(SYS_setgroups, 0, NULL) != 0) return -1;
    if (syscall(SYS_setresgid, group, group, group) != 0) return -1;
    return (int)syscall(SYS_setresuid, user, user, user);
}

static int take_descriptors(const CLinux_process *process) {
    int from[CLINUX_DESCRIPTORS];
    int count = process->descriptor_count;
    for (int i = 0; i < count; i++) {
        from[i] = process->descriptors[i];
        if (from[i] < 0) from[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
        // Out of the way of what is put in its place.
        if (from[i] >= 0 && from[i] < count && from[i] != i) from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, count);
        if (from[i] < 0) return -1;
    }
    for (int i = 0; i < count; i++) {
        if ((from[i] == i ? fcntl(i, F_SETFD, 0) : dup2(from[i], i)) < 0) return -1;
    }
    // Older kernels do not know it; there, what is not marked to be closed is inherited.
    syscall(SYS_close_range, (unsigned)count, ~0u, 0u);
    return 0;
}

static int become(const CLinux_process *process, pid_t parent) {
    if (setsid() < 0) return -1;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    setpriority(PRIO_PROCESS, 0, process->niceness);
    if (process->is_confined || process->ruleset >= 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    }
    if (process->is_confined) bound_capabilities();
    if (process->user >= 0 && become_user(process->user, process->group) != 0) return -1;
    if (process->is_confined && drop_capabilities() != 0) return -1;
    // Forgotten when the user changes, therefore set after it; the parent may have ended before.
    if (prctl(PR_SET_PDEATHSIG, process->ending_signal, 0, 0, 0) != 0) return -1;
    if (getppid() != parent) {
        errno = ESRCH;
        return -1;
    }
    if (process->directory && chdir(process->directory) != 0) return -1;
    if (process->ruleset >= 0 && syscall(SYS_landlock_restrict_self, process->ruleset, 0u) != 0) return -1;
    if (take_descriptors(process) != 0) return -1;
    if (setrlimit(RLIMIT_NOFILE, &process->files) != 0) return -1;
    if (process->memory > 0) {
        // What is shared with others, or a file's, does not count.
        struct rlimit data = {.rlim_cur = process->memory, .rlim_max = process->memory};
        if (setrlimit(RLIMIT_DATA, &data) != 0) return -1;
    }
    if (process->is_confined && CLinux_filter_calls(process->is_offline) != 0) return -1;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    return execve(process->path, process->arguments, process->environment);
}

pid_t CLinux_spawn(const CLinux_process *process) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    // Shared with the child.
    volatile int failure = 0;
    pid_t child = vfork();
    if (child == 0) {
        become(process, parent);
        failure = errno;
        _exit(127);
    }
    int error = child < 0 ? errno : failure;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0 && error != 0) waitpid(child, NULL, 0);
    if (error == 0) return child;
    errno = error;
    return -1;
}

// Atomic: a signal may come on any thread, while another one watches anew.
static _Atomic int children_event = -1;

static void handle_child(int signal) {
    (void)signal;
    int error = errno;
    eventfd_write(children_event, 1);
    errno = error;
}

int CLinux_watch_children(int event) {
    children_event = event;
    struct sigaction action = {.sa_handler = handle_child, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
    sigemptyset(&action.sa_mask);
    return sigaction(SIGCHLD, &action, NULL);
}

int CLinux_protect(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int CLinux_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int CLinux_make_memory_file(void) { return memfd_create("room", MFD_CLOEXEC); }

int CLinux_pipe(int *ends) {
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

pid_t CLinux_peer(int socket) {
    struct ucred peer;
    socklen_t length = sizeof(peer);
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? peer.pid : 0;
}

int CLinux_has_capability(unsigned int capability) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{0}};
    if (syscall(SYS_capget, &header, data) != 0) return 0;
    return data[capability / 32].effective >> (capability % 32) & 1;
}
