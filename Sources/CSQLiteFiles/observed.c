// A VFS of SQLite around the default one (https://sqlite.org/vfs.html): it counts what is read,
// written and flushed, and reports what changes a file, so that a power cut can be replayed.
#include "csqlitefiles.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct perflab_observed_vfs {
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  perflab_file_observer observer;
  void *context;
  char name[32];
  _Atomic int64_t reads, read_bytes, writes, written_bytes, flushes, folder_flushes;
};

struct file {
  sqlite3_file base;
  struct perflab_observed_vfs *owner;
  // Nil for a temporary file, which nobody looks for after a power cut.
  const char *path;
  // A new journal's folder is flushed with the journal's first flush (os_unix.c: UNIXFILE_DIRSYNC).
  bool is_new_journal;
  // The default VFS's file follows.
};

static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)((struct file *)file + 1); }

static void report(struct file *file, enum perflab_file_operation operation, int64_t offset,
                   const void *bytes, int64_t count) {
  struct perflab_observed_vfs *owner = file->owner;
  if (file->path && owner->observer)
    owner->observer(owner->context, operation, file->path, offset, bytes, count);
}

static void folder_synced(struct file *file) {
  atomic_fetch_add_explicit(&file->owner->folder_flushes, 1, memory_order_relaxed);
  report(file, PERFLAB_FOLDER_SYNCED, 0, 0, 0);
}

static int file_close(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  struct perflab_observed_vfs *owner = ((struct file *)file)->owner;
  atomic_fetch_add_explicit(&owner->reads, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&owner->read_bytes, count, memory_order_relaxed);
  return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  struct perflab_observed_vfs *owner = ((struct file *)file)->owner;
  int code = real(file)->pMethods->xWrite(real(file), bytes, count, offset);
  if (code != SQLITE_OK) return code;
  atomic_fetch_add_explicit(&owner->writes, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&owner->written_bytes, count, memory_order_relaxed);
  report((struct file *)file, PERFLAB_FILE_WRITTEN, offset, bytes, count);
  return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  int code = real(file)->pMethods->xTruncate(real(file), size);
  if (code == SQLITE_OK) report((struct file *)file, PERFLAB_FILE_TRUNCATED, size, 0, 0);
  return code;
}

static int file_sync(sqlite3_file *file, int flags) {
  struct file *own = (struct file *)file;
  int code = real(file)->pMethods->xSync(real(file), flags);
  if (code != SQLITE_OK) return code;
  atomic_fetch_add_explicit(&own->owner->flushes, 1, memory_order_relaxed);
  report(own, PERFLAB_FILE_SYNCED, 0, 0, 0);
  if (own->is_new_journal) folder_synced(own);
  own->is_new_journal = false;
  return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
static int file_lock(sqlite3_file *file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
static int file_unlock(sqlite3_file *file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
static int file_check_reserved(sqlite3_file *file, int *answer) {
  return real(file)->pMethods->xCheckReservedLock(real(file), answer);
}
static int file_control(sqlite3_file *file, int operation, void *argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
static int file_sector(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int file_characteristics(sqlite3_file *file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
static int file_map_shared(sqlite3_file *file, int page, int bytes, int extend,
                           void volatile **memory) {
  return real(file)->pMethods->xShmMap(real(file), page, bytes, extend, memory);
}
static int file_lock_shared(sqlite3_file *file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static void file_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int file_unmap_shared(sqlite3_file *file, int deletes) {
  return real(file)->pMethods->xShmUnmap(real(file), deletes);
}
static int file_fetch(sqlite3_file *file, sqlite3_int64 offset, int bytes, void **memory) {
  return real(file)->pMethods->xFetch(real(file), offset, bytes, memory);
}
static int file_unfetch(sqlite3_file *file, sqlite3_int64 offset, void *memory) {
  return real(file)->pMethods->xUnfetch(real(file), offset, memory);
}

static const sqlite3_io_methods methods = {
    .iVersion = 3,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_map_shared,
    .xShmLock = file_lock_shared,
    .xShmBarrier = file_barrier,
    .xShmUnmap = file_unmap_shared,
    .xFetch = file_fetch,
    .xUnfetch = file_unfetch,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                    int *granted) {
  struct perflab_observed_vfs *owner = (struct perflab_observed_vfs *)vfs;
  struct file *own = (struct file *)file;
  const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
  int exists = 0;
  if (path) owner->real->xAccess(owner->real, path, SQLITE_ACCESS_EXISTS, &exists);
  own->base.pMethods = 0;
  own->owner = owner;
  own->path = path;
  real(file)->pMethods = 0;
  int code = owner->real->xOpen(owner->real, path, real(file), flags, granted);
  // A file that could not be opened may still want to be closed.
  if (real(file)->pMethods) own->base.pMethods = &methods;
  if (code != SQLITE_OK) return code;
  bool is_new = path && !exists && (flags & SQLITE_OPEN_CREATE);
  own->is_new_journal = is_new && (flags & journals);
  if (is_new) report(own, PERFLAB_FILE_CREATED, 0, 0, 0);
  return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int flushes) {
  struct perflab_observed_vfs *owner = (struct perflab_observed_vfs *)vfs;
  int code = owner->real->xDelete(owner->real, path, flushes);
  if (code != SQLITE_OK) return code;
  struct file deleted = {.owner = owner, .path = path};
  report(&deleted, PERFLAB_FILE_DELETED, 0, 0, 0);
  if (flushes) folder_synced(&deleted);
  return code;
}

struct perflab_observed_vfs *perflab_observe_files(perflab_file_observer observer, void *context) {
  static _Atomic int made;
  sqlite3_vfs *real = sqlite3_vfs_find(0);
  if (!real || real->iVersion < 3) return 0;
  struct perflab_observed_vfs *observed = calloc(1, sizeof *observed);
  if (!observed) return 0;
  sqlite3_snprintf(sizeof observed->name, observed->name, "perflab-%d",
                   atomic_fetch_add(&made, 1));
  // All that is not about files is the default VFS's own: time, random bytes, paths.
  observed->vfs = *real;
  observed->vfs.pNext = 0;
  observed->vfs.szOsFile = (int)sizeof(struct file) + real->szOsFile;
  observed->vfs.zName = observed->name;
  observed->vfs.xOpen = vfs_open;
  observed->vfs.xDelete = vfs_delete;
  observed->real = real;
  observed->observer = observer;
  observed->context = context;
  if (sqlite3_vfs_register(&observed->vfs, 0) != SQLITE_OK) {
    free(observed);
    return 0;
  }
  return observed;
}

const char *perflab_observed_name(const struct perflab_observed_vfs *vfs) { return vfs->name; }

struct perflab_file_counts perflab_observed_counts(const struct perflab_observed_vfs *vfs) {
  struct perflab_observed_vfs *own = (struct perflab_observed_vfs *)vfs;
  return (struct perflab_file_counts){
      .reads = own->reads,
      .read_bytes = own->read_bytes,
      .writes = own->writes,
      .written_bytes = own->written_bytes,
      .flushes = own->flushes,
      .folder_flushes = own->folder_flushes,
  };
}

void perflab_end_observing(struct perflab_observed_vfs *vfs) {
  sqlite3_vfs_unregister(&vfs->vfs);
  free(vfs);
}
