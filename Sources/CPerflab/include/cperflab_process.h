#ifndef CPERFLAB_PROCESS_H
#define CPERFLAB_PROCESS_H

#include <sys/types.h>

/// The descriptors on which a worker finds its requests and leaves its replies.
#define PERFLAB_REQUEST_FD 3
#define PERFLAB_REPLY_FD 4

/// Starts `path` in a process group of its own with `requests` as descriptor 3, `replies` as
/// descriptor 4 and `output` as standard output and error. All other descriptors must be
/// close-on-exec. Returns 0 and sets `*pid`, or returns an errno.
int perflab_spawn(const char *path, char *const arguments[], char *const environment[],
                  int requests, int replies, int output, pid_t *pid);

/// A nameless file in memory, close-on-exec, or -1.
int perflab_memory_file(const char *name);

/// Gives the memory of a part of a file back. The part reads as zeros; the file's size stays. Does
/// nothing where the file has no such parts.
void perflab_empty(int file, int64_t start, int64_t bytes);

/// A pipe whose ends are close-on-exec. Returns 0 or an errno.
int perflab_pipe(int ends[2]);

/// Asks the kernel to kill this process when its parent dies.
void perflab_die_with_parent(void);

/// From now on SIGINT, SIGTERM and SIGHUP set a flag instead of ending the process. A second SIGINT
/// or SIGTERM ends it.
void perflab_catch_interrupts(void);

/// The signal that was caught, or 0.
int perflab_interrupt(void);

/// A copy of this process with the calling thread alone (fork), which the kernel kills after
/// `seconds` or with this process's thread, whichever comes first. 0 in the copy, its number here, -1
/// with errno where there is none.
pid_t perflab_copy_process(unsigned seconds);

/// Closes all descriptors from `first` on.
void perflab_close_from(unsigned first);

#endif
