#define _GNU_SOURCE
#include "cperflab_filesystem.h"

#include "interface.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/vfs.h>

int perflab_file_system(const char *path, uint32_t *magic, int64_t *free_bytes) {
  struct statfs about;
  if (statfs(path, &about) != 0) return -1;
  *magic = (uint32_t)about.f_type;
  *free_bytes = (int64_t)about.f_bavail * (int64_t)about.f_bsize;
  return 0;
}

int perflab_small_disk(const char *path, int64_t bytes) {
  int error = perflab_own_namespaces(CLONE_NEWNS);
  if (error) return error;
  char options[32];
  snprintf(options, sizeof options, "size=%lld", (long long)bytes);
  // What is mounted here must not appear elsewhere.
  if (mount("none", "/", 0, MS_REC | MS_PRIVATE, 0)) return errno;
  return mount("none", path, "tmpfs", MS_NOSUID | MS_NODEV, options) ? errno : 0;
}
