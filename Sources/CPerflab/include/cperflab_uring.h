#ifndef CPERFLAB_URING_H
#define CPERFLAB_URING_H

/// Whether this process may make an io_uring: 0 or an errno (ENOSYS: not in this kernel; EPERM:
/// forbidden).
int perflab_try_uring(void);

#endif
