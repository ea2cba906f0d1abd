#ifndef CPERFLAB_FILESYSTEM_H
#define CPERFLAB_FILESYSTEM_H

#include <stdint.h>

/// The file system that a path lies on: its magic number (statfs(2)) and the bytes that an ordinary
/// user may still write. Returns 0, or -1 with `errno` set.
int perflab_file_system(const char *path, uint32_t *magic, int64_t *free_bytes);

/// Mounts a file system in memory of so many bytes, which this process and its children alone see and
/// which ends with them. For a process without further threads. Returns 0 or an errno.
int perflab_small_disk(const char *path, int64_t bytes);

#endif
