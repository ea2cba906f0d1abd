#define _GNU_SOURCE
#include "cperflab_command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cperflab.h"

static uint64_t nanoseconds(struct timeval time) {
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_usec * 1000u;
}

/// Only what is safe between fork and exec.
static void become(char *const arguments[], char *const environment[], int input, int output,
                   int error, const uint8_t *allowed, int report) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  if (allowed) perflab_set_affinity(allowed);
  if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
      dup2(error, STDERR_FILENO) >= 0) {
    execvpe(arguments[0], arguments, environment);
  }
  int failure = errno;
  if (write(report, &failure, sizeof failure) < 0) _exit(126);
  _exit(127);
}

/// Returns EINTR after a caught signal, else 0 or an errno.
static int await_end(pid_t child, void (*meanwhile)(void *, pid_t), void *context) {
  struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN};
  int failure = ended.fd < 0 ? errno : 0;
  if (failure) return failure;
  while (poll(&ended, 1, 10) <= 0) {
    if (perflab_interrupt()) {
      kill(-child, SIGKILL);
      failure = EINTR;
    } else {
      meanwhile(context, child);
    }
  }
  close(ended.fd);
  return failure;
}

int perflab_run_command(char *const arguments[], char *const environment[], int input, int output,
                        int error, const uint8_t *allowed, void (*meanwhile)(void *, pid_t),
                        void *context, perflab_command_usage *usage) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  uint64_t start = perflab_now();
  pid_t child = fork();
  if (child == 0) {
    become(arguments, environment, input, output, error, allowed, ends[1]);
  }
  int failure = child < 0 ? errno : 0;
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return failure;
  }
  // Ends with the child's exec, which closes the other end.
  while (read(ends[0], &failure, sizeof failure) < 0 && errno == EINTR) {
  }
  close(ends[0]);
  int waiting = await_end(child, meanwhile, context);
  if (waiting) failure = waiting;
  usage->wall_ns = perflab_now() - start;
  // What it left running would run beside the next command. Until it is reaped, the group is its own.
  kill(-child, SIGKILL);
  struct rusage used;
  int status = 0;
  while (wait4(child, &status, 0, &used) < 0 && errno == EINTR) {
  }
  usage->user_ns = nanoseconds(used.ru_utime);
  usage->system_ns = nanoseconds(used.ru_stime);
  usage->peak_bytes = (uint64_t)used.ru_maxrss * 1024;
  usage->status = status;
  return perflab_interrupt() ? EINTR : failure;
}
