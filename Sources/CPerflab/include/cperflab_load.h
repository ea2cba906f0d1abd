#ifndef CPERFLAB_LOAD_H
#define CPERFLAB_LOAD_H

#include <stdint.h>

/// A set of descriptors to wait for, close-on-exec, or -1.
int perflab_watch_create(void);

/// Waits from now on for bytes of `descriptor`, or for its end, under a number of the caller's.
/// Returns 0 or an errno.
int perflab_watch_add(int watch, int descriptor, uint32_t number);

/// Fills in the numbers of descriptors that have bytes or have ended; sleeps for at most so many
/// nanoseconds until there is one. Returns how many, or -1.
int perflab_watch_wait(int watch, uint32_t *numbers, int capacity, uint64_t nanoseconds);

/// Sends without waiting and without SIGPIPE. Returns the bytes that were sent, or -1.
long perflab_send_now(int descriptor, const void *bytes, unsigned long count);

/// Receives what there is, without waiting. Returns the number of bytes, 0 at the end of the
/// stream, -1 where there is none yet, -2 at an error.
long perflab_receive_now(int descriptor, void *bytes, unsigned long count);

#endif
