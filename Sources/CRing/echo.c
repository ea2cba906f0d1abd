#define _GNU_SOURCE
#include "cring.h"

#include <errno.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { entries = 1024, buffers = 256, length = 1024, page = 4096 };
enum kind { accepts, receives, sends };

struct server {
  struct io_uring ring;
  int listener;
  /// Whether an accept and a receive stay in force (Linux 6.0); else each is asked for again.
  int multishot;
  struct io_uring_buf_ring *places;
  char *bytes;
};

static uint64_t number(enum kind kind, int connection, unsigned buffer) {
  return (uint64_t)kind | (uint64_t)(uint32_t)connection << 2 | (uint64_t)buffer << 34;
}

/// An entry to fill in; where the ring is full, those that wait are submitted first.
static struct io_uring_sqe *entry(struct server *server) {
  struct io_uring_sqe *entry;
  while (!(entry = io_uring_get_sqe(&server->ring))) io_uring_submit(&server->ring);
  return entry;
}

static void accept_next(struct server *server) {
  struct io_uring_sqe *sqe = entry(server);
  if (server->multishot)
    io_uring_prep_multishot_accept(sqe, server->listener, 0, 0, SOCK_CLOEXEC);
  else
    io_uring_prep_accept(sqe, server->listener, 0, 0, SOCK_CLOEXEC);
  io_uring_sqe_set_data64(sqe, number(accepts, 0, 0));
}

static void receive_next(struct server *server, int connection) {
  struct io_uring_sqe *sqe = entry(server);
  if (server->multishot)
    io_uring_prep_recv_multishot(sqe, connection, 0, 0, 0);
  else
    io_uring_prep_recv(sqe, connection, 0, 0, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  io_uring_sqe_set_data64(sqe, number(receives, connection, 0));
}

static void give(struct server *server, unsigned buffer) {
  io_uring_buf_ring_add(server->places, server->bytes + buffer * length, length,
                        (unsigned short)buffer, io_uring_buf_ring_mask(buffers), 0);
  io_uring_buf_ring_advance(server->places, 1);
}

/// Whether an older kernel has refused what is to stay in force.
static int is_refusal(struct server *server, int result) {
  if (result != -EINVAL || !server->multishot) return 0;
  server->multishot = 0;
  return 1;
}

/// Returns 0 where the listener has ended.
static int accepted(struct server *server, int result, unsigned flags) {
  if (result >= 0) {
    int one = 1;
    setsockopt(result, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    receive_next(server, result);
  } else if (!is_refusal(server, result)) {
    return 0;
  }
  if (!(flags & IORING_CQE_F_MORE)) accept_next(server);
  return 1;
}

static void received(struct server *server, int connection, int result, unsigned flags) {
  unsigned buffer = flags >> IORING_CQE_BUFFER_SHIFT;
  if (result > 0) {
    struct io_uring_sqe *sqe = entry(server);
    io_uring_prep_send(sqe, connection, server->bytes + buffer * length, (size_t)result,
                       MSG_WAITALL | MSG_NOSIGNAL);
    io_uring_sqe_set_data64(sqe, number(sends, connection, buffer));
  } else {
    if (flags & IORING_CQE_F_BUFFER) give(server, buffer);
    // Without a free buffer it is tried again: those that are being sent come back.
    if (result != -ENOBUFS && !is_refusal(server, result)) {
      close(connection);
      return;
    }
  }
  if (!(flags & IORING_CQE_F_MORE)) receive_next(server, connection);
}

static int serve(struct server *server) {
  accept_next(server);
  while (1) {
    int error = io_uring_submit_and_wait(&server->ring, 1);
    if (error < 0 && error != -EINTR) return -error;
    struct io_uring_cqe *cqe;
    while (io_uring_peek_cqe(&server->ring, &cqe) == 0) {
      uint64_t number = cqe->user_data;
      int result = cqe->res;
      unsigned flags = cqe->flags;
      io_uring_cqe_seen(&server->ring, cqe);
      switch (number & 3) {
        case accepts:
          if (!accepted(server, result, flags)) return 0;
          break;
        case receives: received(server, (int)(uint32_t)(number >> 2), result, flags); break;
        default: give(server, (unsigned)(number >> 34));
      }
    }
  }
}

int perflab_echo_by_ring(int listener) {
  struct server server = {.listener = listener, .multishot = 1};
  int error = io_uring_queue_init(entries, &server.ring,
                                  IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
  if (error == -EINVAL) error = io_uring_queue_init(entries, &server.ring, 0);
  if (error) return -error;
  void *memory = 0;
  error = posix_memalign(&memory, page, page + buffers * length);
  if (!error) {
    memset(memory, 0, page);
    server.places = memory;
    server.bytes = (char *)memory + page;
    struct io_uring_buf_reg group = {
        .ring_addr = (unsigned long)memory, .ring_entries = buffers, .bgid = 0};
    error = -io_uring_register_buf_ring(&server.ring, &group, 0);
  }
  if (!error) {
    for (unsigned buffer = 0; buffer < buffers; buffer++) give(&server, buffer);
    error = serve(&server);
  }
  io_uring_queue_exit(&server.ring);
  free(memory);
  return error;
}
