#ifndef CPERFLAB_DATAGRAMS_H
#define CPERFLAB_DATAGRAMS_H

#include <stddef.h>

/// Sends `count` datagrams of `size` bytes that lie one after the other, with as few system calls
/// as the kernel allows (sendmmsg). Returns 0 or an errno.
int perflab_send_datagrams(int descriptor, const void *bytes, size_t size, int count);

/// Receives `count` datagrams of at most `size` bytes, each to its place one after the other, with
/// as few system calls as the kernel allows (recvmmsg); waits until all are there. Returns the sum
/// of their sizes, or -1 with `errno` set.
long perflab_receive_datagrams(int descriptor, void *bytes, size_t size, int count);

/// Sends `count` datagrams of `size` bytes that lie one after the other in one system call: the
/// kernel cuts them apart (UDP_SEGMENT). Together at most 65,507 bytes and 64 datagrams. Returns 0
/// or an errno.
int perflab_send_segments(int descriptor, const void *bytes, size_t size, int count);

/// Lets the kernel join datagrams of one size and sender (UDP_GRO). Returns 0 or an errno.
int perflab_join_datagrams(int descriptor);

/// Receives a datagram, or several that the kernel has joined; `segment` becomes the size of all of
/// them but the last. Returns the number of bytes, or -1 with `errno` set.
long perflab_receive_segments(int descriptor, void *bytes, size_t size, int *segment);

#endif
