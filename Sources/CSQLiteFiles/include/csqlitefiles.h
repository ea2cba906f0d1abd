#pragma once

#include <stdint.h>

/// What SQLite does with a file.
enum perflab_file_operation {
  PERFLAB_FILE_CREATED,
  PERFLAB_FILE_WRITTEN,
  PERFLAB_FILE_TRUNCATED,
  PERFLAB_FILE_SYNCED,
  /// The name may come back after a power cut.
  PERFLAB_FILE_DELETED,
  /// The folder of the file.
  PERFLAB_FOLDER_SYNCED,
};

/// Called after each operation that succeeded, on the thread that did it.
/// - offset: where it was written; the new size of a truncated file.
/// - bytes, count: what was written; NULL and 0 otherwise.
typedef void (*perflab_file_observer)(void *context, enum perflab_file_operation operation,
                                      const char *path, int64_t offset, const void *bytes,
                                      int64_t count);

/// What was done through a VFS so far.
struct perflab_file_counts {
  int64_t reads, read_bytes, writes, written_bytes;
  /// Of files, and of folders after a file was made or deleted in them.
  int64_t flushes, folder_flushes;
};

/// A VFS of SQLite that passes everything on to the default one, counts it, and calls an observer,
/// which may be NULL. NULL where SQLite has no VFS of version 3, or memory is short.
struct perflab_observed_vfs *perflab_observe_files(perflab_file_observer observer, void *context);

/// As `sqlite3_open_v2` takes it.
const char *perflab_observed_name(const struct perflab_observed_vfs *vfs);

struct perflab_file_counts perflab_observed_counts(const struct perflab_observed_vfs *vfs);

/// Takes it away; no connection may use it any more.
void perflab_end_observing(struct perflab_observed_vfs *vfs);

/// Lets a copy of this process (fork) use SQLite, of which another thread may be in the middle: no
/// thread is inside of SQLite's shared mutexes at the moment of the copy. Connections that are open
/// stay the original's. To be called once.
/// Returns 0, or an error's number.
int perflab_sqlite_bear_forks(void);
