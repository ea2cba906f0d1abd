#ifndef CPERFLAB_PERF_H
#define CPERFLAB_PERF_H

#include <stdint.h>

/// Opens one counting event (no sampling) for the calling thread, on whatever processor it runs.
///
/// `type` and `config` are those of `struct perf_event_attr`; `leader` is the group's first
/// descriptor or -1 for a group of its own. Reading the leader gives the group in the layout of
/// `PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING`; an event
/// with `inherit` can't be read so before Linux 6.13 and is read alone.
/// Returns a descriptor (close-on-exec), or a negated errno.
int perflab_perf_open(uint32_t type, uint64_t config, int leader, int user_only, int inherit);

/// Starts, stops or zeroes an event, or its group. Return 0 or an errno.
int perflab_perf_enable(int descriptor, int group);
int perflab_perf_disable(int descriptor, int group);
int perflab_perf_reset(int descriptor, int group);

#endif
