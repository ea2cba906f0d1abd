#include "cperflab_poller.h"

#include <errno.h>
#include <sys/epoll.h>

_Static_assert(EPOLLIN == 1 && EPOLLOUT == 4, "as the header says");

int perflab_poller(void) { return epoll_create1(EPOLL_CLOEXEC); }

int perflab_poller_add(int poller, int descriptor, uint32_t ready, int64_t token) {
  struct epoll_event event = {.events = ready, .data.u64 = (uint64_t)token};
  return epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) ? errno : 0;
}

void perflab_poller_remove(int poller, int descriptor) {
  struct epoll_event none = {0};
  epoll_ctl(poller, EPOLL_CTL_DEL, descriptor, &none);
}

int perflab_poller_wait(int poller, int64_t *tokens, int room, int milliseconds) {
  struct epoll_event events[256];
  int count = epoll_wait(poller, events, room < 256 ? room : 256, milliseconds);
  if (count < 0) return errno == EINTR ? 0 : -1;
  for (int index = 0; index < count; index++) tokens[index] = (int64_t)events[index].data.u64;
  return count;
}
