#ifndef CPERFLAB_COMMAND_H
#define CPERFLAB_COMMAND_H

#include <stdint.h>
#include <sys/types.h>

/// What a command took, from just before it was started until it had ended.
typedef struct {
  uint64_t wall_ns;
  uint64_t user_ns;
  uint64_t system_ns;
  /// The largest resident set of any of its processes; at least that of the process which started
  /// it, since the kernel counts from before `exec`.
  uint64_t peak_bytes;
  /// As `wait4` gives it.
  int status;
} perflab_command_usage;

/// Runs a command to its end, in a process group of its own, with these descriptors as standard
/// input, output and error. The program is looked for in PATH. It is killed when this process ends,
/// and its group when a signal was caught (`perflab_catch_interrupts`). What is left of the group
/// when the command has ended is killed too.
///
/// It is started by `fork`, not `posix_spawn`: a child that shares this process's memory until
/// `exec` would be charged with all of it as its peak.
///
/// Returns 0, or an errno if it could not be started: EINTR after a caught signal. `allowed` has a
/// byte for each of PERFLAB_CPU_LIMIT processors, 1 for those that it may use; NULL for all that
/// this thread may use. `meanwhile` is called every 10 ms while it runs, with its process group.
/// Needs Linux 5.3.
int perflab_run_command(char *const arguments[], char *const environment[], int input, int output,
                        int error, const uint8_t *allowed, void (*meanwhile)(void *, pid_t),
                        void *context, perflab_command_usage *usage);

#endif
