#ifndef CPERFLAB_HOSTS_H
#define CPERFLAB_HOSTS_H

#include <stddef.h>
#include <stdint.h>

/// The calling thread's network namespace as a descriptor, or -1.
int perflab_network_here(void);

/// A new network namespace with its loopback interface up, as a descriptor that keeps it alive, or
/// -1. The calling thread stays where it is.
int perflab_new_network(void);

/// Moves the calling thread into a network namespace. Returns 0 or an errno.
int perflab_enter_network(int network);

/// A TUN device in the calling thread's namespace: a point-to-point interface between two IPv4
/// addresses (in the host's byte order), up, whose packets are read and written as they are, at
/// most `mtu` bytes each. It holds at most `queue` packets that were not read yet, and exists until
/// the descriptor is closed. Reads and writes do not block. Returns the descriptor, or -1.
int perflab_tun(const char *name, uint32_t own, uint32_t peer, int mtu, int queue);

/// Tries, in a child process, what a link between two hosts needs. Returns 0, or an errno and what was
/// refused in `*step`.
int perflab_try_link(const char **step);

/// Sleeps until one of three descriptors can be read or the time is over; no time limit where it is
/// negative. Returns a bit for each that can be read, the first in bit 0.
int perflab_wait_readable(const int descriptors[3], int64_t nanoseconds);

/// Has the kernel note when it received each datagram. Returns 0 or an errno.
int perflab_stamp_datagrams(int descriptor);

/// A datagram that has come already, and when the kernel received it, in nanoseconds of the
/// real-time clock. Returns its bytes, or -1.
long perflab_receive_stamped(int descriptor, void *bytes, size_t size, int64_t *time);

/// A descriptor that becomes readable by `perflab_raise`, or -1.
int perflab_signal_descriptor(void);

/// Makes it readable.
void perflab_raise(int descriptor);

/// Lets the calling thread's sleeps end as exactly as the kernel can; by default they may be 50 µs
/// late.
void perflab_sleep_exactly(void);

#endif
