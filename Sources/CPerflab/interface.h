#ifndef PERFLAB_INTERFACE_H
#define PERFLAB_INTERFACE_H

/// Brings an interface of the calling thread's network namespace up. Returns 0 or an errno.
int perflab_bring_up(const char *interface);

/// Moves this process into a user namespace of its own and further ones (`CLONE_NEW…`), as their root.
/// Returns 0 or an errno.
int perflab_own_namespaces(int kinds);

#endif
