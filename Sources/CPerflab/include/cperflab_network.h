#ifndef CPERFLAB_NETWORK_H
#define CPERFLAB_NETWORK_H

/// Moves this process into user and network namespaces of its own, where it may make interfaces and
/// further namespaces, and brings the loopback interface up. To be called before any thread is
/// started. Returns 0 or an errno.
int perflab_own_network(void);

/// Whether `perflab_own_network` would succeed, tried in a child process: 0 or its errno.
int perflab_try_own_network(void);

/// The next connection of a listening socket, close-on-exec, or -1.
int perflab_accept(int listener);

#endif
