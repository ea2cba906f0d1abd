#define _GNU_SOURCE
#include "cperflab_network.h"

#include "interface.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int put(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  int error = write(file, text, strlen(text)) < 0 ? errno : 0;
  close(file);
  return error;
}

int perflab_bring_up(const char *interface) {
  int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (handle < 0) return errno;
  struct ifreq request = {0};
  strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  request.ifr_flags = IFF_UP;
  int error = ioctl(handle, SIOCSIFFLAGS, &request) ? errno : 0;
  close(handle);
  return error;
}

int perflab_own_namespaces(int kinds) {
  unsigned user = geteuid(), group = getegid();
  if (unshare(CLONE_NEWUSER | kinds)) return errno;
  char map[32];
  snprintf(map, sizeof map, "0 %u 1", user);
  int error = put("/proc/self/uid_map", map);
  // An ordinary user may map its group only where it gives up changing groups.
  if (!error) error = put("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "0 %u 1", group);
  return error ? error : put("/proc/self/gid_map", map);
}

int perflab_own_network(void) {
  int error = perflab_own_namespaces(CLONE_NEWNET);
  return error ? error : perflab_bring_up("lo");
}

int perflab_try_own_network(void) {
  pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) _exit(perflab_own_network());
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

int perflab_accept(int listener) { return accept4(listener, 0, 0, SOCK_CLOEXEC); }
