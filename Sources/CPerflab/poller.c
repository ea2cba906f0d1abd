#define _GNU_SOURCE
#include "cperflab_poller.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <time.h>

_Static_assert(EPOLLIN == 1 && EPOLLOUT == 4, "as the header says");

int perflab_poller(void) { return epoll_create1(EPOLL_CLOEXEC); }

int perflab_poller_add(int poller, int descriptor, uint32_t ready, long token) {
  struct epoll_event event = {.events = ready, .data.u64 = (uint64_t)token};
  return epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) ? errno : 0;
}

void perflab_poller_remove(int poller, int descriptor) {
  struct epoll_event none = {0};
  epoll_ctl(poller, EPOLL_CTL_DEL, descriptor, &none);
}

int perflab_poller_wait(int poller, long *tokens, int room, int64_t nanoseconds) {
  if (nanoseconds > 0) {
    // epoll's own time-out counts milliseconds, except on new kernels.
    struct pollfd all = {.fd = poller, .events = POLLIN};
    struct timespec longest = {.tv_sec = (time_t)(nanoseconds / 1000000000),
                               .tv_nsec = (long)(nanoseconds % 1000000000)};
    int ready = ppoll(&all, 1, &longest, 0);
    if (ready <= 0) return ready == 0 || errno == EINTR ? 0 : -1;
  }
  struct epoll_event events[256];
  int count = epoll_wait(poller, events, room < 256 ? room : 256, nanoseconds < 0 ? -1 : 0);
  if (count < 0) return errno == EINTR ? 0 : -1;
  for (int index = 0; index < count; index++) tokens[index] = (long)events[index].data.u64;
  return count;
}
