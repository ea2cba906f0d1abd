#define _GNU_SOURCE
#include "cperflab_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

int perflab_spawn(const char *path, char *const arguments[], char *const environment[],
                  int requests, int replies, int output, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (error) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  // Copies above the target range first: an end that already is 3 or 4 must not be overwritten.
  int requests_copy = fcntl(requests, F_DUPFD_CLOEXEC, 16);
  int replies_copy = fcntl(replies, F_DUPFD_CLOEXEC, 16);
  sigset_t none, all;
  sigemptyset(&none);
  sigemptyset(&all);
  sigaddset(&all, SIGINT);
  sigaddset(&all, SIGTERM);
  sigaddset(&all, SIGPIPE);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSIGDEF);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, requests_copy, PERFLAB_REQUEST_FD);
  posix_spawn_file_actions_adddup2(&actions, replies_copy, PERFLAB_REPLY_FD);
  // Libraries open descriptors that a program inherits (SwiftNIO its sockets): in it a port would
  // stay taken, and connections that nobody accepts would be made.
  posix_spawn_file_actions_addclosefrom_np(&actions, PERFLAB_REPLY_FD + 1);
  error = requests_copy < 0 || replies_copy < 0
              ? EMFILE
              : posix_spawn(pid, path, &actions, &attributes, arguments, environment);
  if (requests_copy >= 0) close(requests_copy);
  if (replies_copy >= 0) close(replies_copy);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

int perflab_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

void perflab_empty(int file, int64_t start, int64_t bytes) {
  fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, start, bytes);
}

int perflab_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

void perflab_die_with_parent(void) {
  // A parent that died before this shows as the end of the request pipe.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

pid_t perflab_copy_process(unsigned seconds) {
  pid_t copy = fork();
  if (copy != 0) return copy;
  // A thread of libdispatch has all signals blocked, and its copy would have too.
  sigset_t alarms;
  sigemptyset(&alarms);
  sigaddset(&alarms, SIGALRM);
  signal(SIGALRM, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &alarms, 0);
  alarm(seconds);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  return 0;
}

void perflab_close_from(unsigned first) { close_range(first, ~0U, 0); }

static volatile sig_atomic_t caught;

static void remember(int signal) { caught = signal; }

void perflab_catch_interrupts(void) {
  struct sigaction action = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, 0);
  sigaction(SIGTERM, &action, 0);
  // A terminal that closes sends it, and then the shell does: the second one must not end the
  // process either. Under nohup it is ignored, and stays so.
  struct sigaction before;
  action.sa_flags = 0;
  if (sigaction(SIGHUP, 0, &before) == 0 && before.sa_handler != SIG_IGN)
    sigaction(SIGHUP, &action, 0);
  // The parent process may have had them blocked, which is inherited.
  sigset_t all;
  sigemptyset(&all);
  sigaddset(&all, SIGINT);
  sigaddset(&all, SIGTERM);
  sigaddset(&all, SIGHUP);
  pthread_sigmask(SIG_UNBLOCK, &all, 0);
}

int perflab_interrupt(void) { return caught; }
