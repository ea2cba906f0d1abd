#ifndef CRING_H
#define CRING_H

/// Sends every byte of every connection back, by io_uring, until the listener ends. Returns 0, or an
/// errno where the kernel forbids io_uring or has no rings of buffers (Linux 5.19).
int perflab_echo_by_ring(int listener);

#endif
