#ifndef CPERFLAB_LOAD_H
#define CPERFLAB_LOAD_H

/// Sends without waiting and without SIGPIPE. Returns the bytes that were sent, or -1.
long perflab_send_now(int descriptor, const void *bytes, unsigned long count);

/// Receives what there is, without waiting. Returns the number of bytes, 0 at the end of the
/// stream, -1 where there is none yet, -2 at an error.
long perflab_receive_now(int descriptor, void *bytes, unsigned long count);

#endif
