#ifndef PERFLAB_CURING_MESSAGES_H
#define PERFLAB_CURING_MESSAGES_H

#include "shim.h"

/// Prepares to accept connections of a listener under a number of the caller's: all that come where
/// `multishot`, else one. Returns 0, or -1 where the ring is full.
static inline int perflab_uring_accept(struct io_uring *ring, int listener, int multishot,
                                       unsigned long long number) {
  struct io_uring_sqe *entry = io_uring_get_sqe(ring);
  if (!entry) return -1;
  if (multishot) {
    io_uring_prep_multishot_accept(entry, listener, 0, 0, SOCK_CLOEXEC);
  } else {
    io_uring_prep_accept(entry, listener, 0, 0, SOCK_CLOEXEC);
  }
  io_uring_sqe_set_data64(entry, number);
  return 0;
}

/// Prepares to receive on a connection, into buffers of group 0 that the kernel chooses: whenever
/// something comes where `multishot`, else once. Returns 0, or -1 where the ring is full.
static inline int perflab_uring_receive(struct io_uring *ring, int connection, int multishot,
                                        unsigned long long number) {
  struct io_uring_sqe *entry = io_uring_get_sqe(ring);
  if (!entry) return -1;
  if (multishot) {
    io_uring_prep_recv_multishot(entry, connection, 0, 0, 0);
  } else {
    io_uring_prep_recv(entry, connection, 0, 0, 0);
  }
  entry->flags |= IOSQE_BUFFER_SELECT;
  entry->buf_group = 0;
  io_uring_sqe_set_data64(entry, number);
  return 0;
}

/// Prepares to send all of some bytes. Returns 0, or -1 where the ring is full.
static inline int perflab_uring_send(struct io_uring *ring, int connection, const void *bytes,
                                     unsigned count, unsigned long long number) {
  struct io_uring_sqe *entry = io_uring_get_sqe(ring);
  if (!entry) return -1;
  io_uring_prep_send(entry, connection, bytes, count, MSG_WAITALL | MSG_NOSIGNAL);
  io_uring_sqe_set_data64(entry, number);
  return 0;
}

/// Registers `count` buffers, a power of two, of `length` bytes each as group 0; `places` is memory
/// of `count` × 16 bytes that begins on a page. Returns 0 or a negated errno.
static inline int perflab_uring_buffers(struct io_uring *ring, void *places, void *bytes,
                                        unsigned count, unsigned length) {
  struct io_uring_buf_reg group = {
      .ring_addr = (unsigned long)places, .ring_entries = count, .bgid = 0};
  int error = io_uring_register_buf_ring(ring, &group, 0);
  if (error) return error;
  struct io_uring_buf_ring *buffers = (struct io_uring_buf_ring *)places;
  io_uring_buf_ring_init(buffers);
  for (unsigned index = 0; index < count; index++)
    io_uring_buf_ring_add(buffers, (char *)bytes + index * length, length,
                          (unsigned short)index, (int)count - 1, (int)index);
  io_uring_buf_ring_advance(buffers, (int)count);
  return 0;
}

/// Gives a buffer back to the kernel.
static inline void perflab_uring_return(void *places, void *bytes, unsigned count, unsigned length,
                                        unsigned index) {
  struct io_uring_buf_ring *buffers = (struct io_uring_buf_ring *)places;
  io_uring_buf_ring_add(buffers, (char *)bytes + index * length, length, (unsigned short)index,
                        (int)count - 1, 0);
  io_uring_buf_ring_advance(buffers, 1);
}

/// As `perflab_uring_take`, with the completion's flags.
static inline int perflab_uring_take_flagged(struct io_uring *ring, unsigned long long *number,
                                             int *result, unsigned *flags) {
  struct io_uring_cqe *entry = 0;
  if (io_uring_peek_cqe(ring, &entry) != 0 || !entry) return 0;
  *number = entry->user_data;
  *result = entry->res;
  *flags = entry->flags;
  io_uring_cqe_seen(ring, entry);
  return 1;
}

#endif
