#include "csqlitefiles.h"

#include <pthread.h>
#include <sqlite3.h>

// SQLite's mutexes that all connections share, by number, in the order in which it takes them itself:
// the main one, that of the files' locks, those of the page cache, of random numbers and of memory.
static const int shared[] = {2, 11, 6, 7, 5, 3};
static const int count = sizeof shared / sizeof *shared;

static void hold(void) {
  for (int i = 0; i < count; i++) sqlite3_mutex_enter(sqlite3_mutex_alloc(shared[i]));
}

static void release(void) {
  for (int i = count - 1; i >= 0; i--) sqlite3_mutex_leave(sqlite3_mutex_alloc(shared[i]));
}

int perflab_sqlite_bear_forks(void) {
  int error = sqlite3_initialize();
  return error ? error : pthread_atfork(hold, release, release);
}
