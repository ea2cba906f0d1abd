#include <sqlite3.h>

/// Binds a copy of `bytes` bytes of text: SQLITE_TRANSIENT is a macro that Swift does not see.
static inline int perflab_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text,
                                           int bytes) {
  return sqlite3_bind_text(statement, index, text, bytes, SQLITE_TRANSIENT);
}
