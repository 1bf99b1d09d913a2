#ifndef C_LINUX_PROCESS_H
#define C_LINUX_PROCESS_H

// Processes: starting them, watching them, and what they may do. Swift cannot run between `vfork` and `execve`, so that part is
// here as one function; the rest is one system call each.

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/// What a new process is to be.
typedef struct {
    /// The program's file.
    const char *path;
    /// Both end with a null pointer.
    char *const *arguments;
    char *const *environment;
    /// The directory in which it runs; NULL: this process's.
    const char *directory;
    /// What become its descriptors 0, 1, 2 …; -1 is /dev/null. It gets no others.
    const int *descriptors;
    /// At most CLINUX_DESCRIPTORS.
    int descriptor_count;
    /// As of nice(1), not relative to this process.
    int niceness;
    /// Its own limit of descriptors (RLIMIT_NOFILE).
    struct rlimit files;
    /// Bytes of memory that it may have for itself (RLIMIT_DATA); 0: as many as there are.
    uint64_t memory;
    /// Whom it runs as, without further groups; -1: as this process.
    int64_t user;
    int64_t group;
    /// A landlock ruleset that it is put under, or -1; it then gains no capabilities by execve(2).
    int ruleset;
    /// What it gets when the thread that has started it ends.
    int ending_signal;
    /// Whether it loses all capabilities, gains none by execve(2), and may not use system calls that look into others.
    int is_confined;
    /// Whether it has Unix sockets only.
    int is_offline;
} CLinux_process;

#define CLINUX_DESCRIPTORS 8

/// Starts a process in a session of its own that ends with the calling thread; returns its id, or -1 and `errno`.
pid_t CLinux_spawn(const CLinux_process *process);

/// Adds 1 to the eventfd(2) `event` whenever a child has ended.
int CLinux_watch_children(int event);

/// Keeps other processes of this user out of this one, and its memory out of core files.
int CLinux_protect(void);
/// Makes orphans among this process's descendants its own children.
int CLinux_adopt_orphans(void);
/// A pipe that children do not inherit, whose first end, for reading, does not block.
int CLinux_pipe(int *ends);

/// An entry of a directory, opened without reading it and without following it (O_PATH, O_NOFOLLOW).
int CLinux_open_entry(int directory, const char *name);
/// `renameat2` to a name that nothing has (RENAME_NOREPLACE).
int CLinux_rename_to_nothing(int directory, const char *name, int other, const char *place);

/// The process that listens on, or is connected to, the other end of a Unix socket; 0 if unknown.
pid_t CLinux_peer(int socket);

/// Whether the calling thread has this capability (capabilities(7)).
int CLinux_has_capability(unsigned int capability);
#define CLINUX_CAP_KILL 5
#define CLINUX_CAP_SETGID 6
#define CLINUX_CAP_SETUID 7

/// The version of landlock(7) that the kernel has; 0: none.
int CLinux_landlock_version(void);
/// Makes a ruleset for these rights; returns its descriptor.
int CLinux_landlock_create(uint64_t files, uint64_t network, uint64_t scopes);
/// Allows `rights` on what `descriptor` (O_PATH) is, and beneath it.
int CLinux_landlock_allow_path(int ruleset, int descriptor, uint64_t rights);
/// Allows `rights` on a TCP port.
int CLinux_landlock_allow_port(int ruleset, uint64_t port, uint64_t rights);
/// Opens `path` itself, not what it links to (O_PATH).
int CLinux_open_path(const char *path);

/// Puts the calling thread under the filter that confined processes have.
int CLinux_filter_calls(int is_offline);
/// Puts all threads of this process, and those to come, under a filter by which they start no program, make no process, and have
/// sockets of the internet only. Returns 1 where the kernel has no filters.
int CLinux_seclude(void);

/// Makes a file in memory that has no name (memfd_create(2)).
int CLinux_make_memory_file(void);

#endif
