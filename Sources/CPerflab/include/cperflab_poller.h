#ifndef CPERFLAB_POLLER_H
#define CPERFLAB_POLLER_H

#include <stdint.h>

/// An epoll instance, or -1 with `errno` set.
int perflab_poller(void);

/// Adds a descriptor for reading (1), writing (4) or both; `token` names it. Returns 0 or an errno.
int perflab_poller_add(int poller, int descriptor, uint32_t ready, long token);

/// Takes a descriptor out.
void perflab_poller_remove(int poller, int descriptor);

/// Waits until some are ready: the tokens of up to `room`, at most 256. Returns how many, 0 after
/// so many nanoseconds or a signal, or -1 with `errno` set.
/// @param nanoseconds below 0 for ever.
int perflab_poller_wait(int poller, long *tokens, int room, int64_t nanoseconds);

#endif
