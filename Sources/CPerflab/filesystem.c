#include "cperflab_filesystem.h"

#include <sys/vfs.h>

int perflab_file_system(const char *path, uint32_t *magic, int64_t *free_bytes) {
  struct statfs about;
  if (statfs(path, &about) != 0) return -1;
  *magic = (uint32_t)about.f_type;
  *free_bytes = (int64_t)about.f_bavail * (int64_t)about.f_bsize;
  return 0;
}
