#define _GNU_SOURCE
#include "cperflab_load.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

int perflab_watch_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int perflab_watch_add(int watch, int descriptor, uint32_t number) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.u32 = number};
  return epoll_ctl(watch, EPOLL_CTL_ADD, descriptor, &event) ? errno : 0;
}

int perflab_watch_wait(int watch, uint32_t *numbers, int capacity, uint64_t nanoseconds) {
  if (nanoseconds > 0) {
    // epoll's own time-out counts milliseconds, except on new kernels.
    struct pollfd both = {.fd = watch, .events = POLLIN};
    struct timespec longest = {.tv_sec = (time_t)(nanoseconds / 1000000000u),
                               .tv_nsec = (long)(nanoseconds % 1000000000u)};
    int ready = ppoll(&both, 1, &longest, 0);
    if (ready <= 0) return ready == 0 || errno == EINTR ? 0 : -1;
  }
  struct epoll_event events[64];
  int count = epoll_wait(watch, events, capacity < 64 ? capacity : 64, 0);
  if (count < 0) return errno == EINTR ? 0 : -1;
  for (int index = 0; index < count; index++) numbers[index] = events[index].data.u32;
  return count;
}

long perflab_send_now(int descriptor, const void *bytes, unsigned long count) {
  return send(descriptor, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

long perflab_receive_now(int descriptor, void *bytes, unsigned long count) {
  long received = recv(descriptor, bytes, count, MSG_DONTWAIT);
  if (received >= 0) return received;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? -1 : -2;
}
