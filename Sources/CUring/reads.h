#ifndef PERFLAB_CURING_READS_H
#define PERFLAB_CURING_READS_H

#include "shim.h"

#include <time.h>

/// A ring for one thread, with completions handled when that thread waits, where the kernel knows
/// that (Linux 6.1); else a plain one. Returns 0 or a negated errno.
static inline int perflab_uring_open(struct io_uring *ring, unsigned entries) {
  int error = io_uring_queue_init(entries, ring,
                                  IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                                      IORING_SETUP_TASKRUN_FLAG);
  return error == -EINVAL ? io_uring_queue_init(entries, ring, 0) : error;
}

/// Prepares a read under a number of the caller's; `buffer` is the index of a registered buffer, or
/// negative, and then `file` is a descriptor and else the index of a registered file. Returns 0, or
/// -1 where the ring is full.
static inline int perflab_uring_read(struct io_uring *ring, int file, void *bytes, unsigned count,
                                     unsigned long long offset, int buffer,
                                     unsigned long long number) {
  struct io_uring_sqe *entry = io_uring_get_sqe(ring);
  if (!entry) return -1;
  if (buffer >= 0) {
    io_uring_prep_read_fixed(entry, file, bytes, count, offset, buffer);
    entry->flags |= IOSQE_FIXED_FILE;
  } else {
    io_uring_prep_read(entry, file, bytes, count, offset);
  }
  io_uring_sqe_set_data64(entry, number);
  return 0;
}

/// Prepares an operation that does nothing. Returns 0, or -1 where the ring is full.
static inline int perflab_uring_nothing(struct io_uring *ring, unsigned long long number) {
  struct io_uring_sqe *entry = io_uring_get_sqe(ring);
  if (!entry) return -1;
  io_uring_prep_nop(entry);
  io_uring_sqe_set_data64(entry, number);
  return 0;
}

/// Submits what is prepared and sleeps until there is a completion, at most so many nanoseconds.
/// Returns 0, or a negated errno; ETIME where the time is over.
static inline int perflab_uring_sleep(struct io_uring *ring, long long nanoseconds) {
  struct __kernel_timespec time = {.tv_sec = nanoseconds / 1000000000,
                                   .tv_nsec = nanoseconds % 1000000000};
  struct io_uring_cqe *entry = 0;
  int result = io_uring_submit_and_wait_timeout(ring, &entry, 1, &time, 0);
  return result < 0 ? result : 0;
}

/// Takes a completion, if there is one: 1 with the number and the result (bytes or a negated errno),
/// 0 where there is none.
static inline int perflab_uring_take(struct io_uring *ring, unsigned long long *number,
                                     int *result) {
  struct io_uring_cqe *entry = 0;
  if (io_uring_peek_cqe(ring, &entry) != 0 || !entry) return 0;
  *number = entry->user_data;
  *result = entry->res;
  io_uring_cqe_seen(ring, entry);
  return 1;
}

#endif
