#define _GNU_SOURCE
#include "cperflab_perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(offsetof(struct perf_event_attr, config) == 8, "the kernel's layout");
_Static_assert(offsetof(struct perf_event_attr, read_format) == 32, "the kernel's layout");
_Static_assert(sizeof(struct perf_event_attr) >= PERF_ATTR_SIZE_VER5, "the kernel's layout");

int perflab_perf_open(uint32_t type, uint64_t config, int leader, int user_only, int inherit) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  // The oldest size that holds what is set here, so that old kernels take it.
  attributes.size = PERF_ATTR_SIZE_VER0;
  attributes.type = type;
  attributes.config = config;
  attributes.disabled = leader == -1;
  attributes.inherit = inherit != 0;
  attributes.exclude_kernel = user_only != 0;
  attributes.exclude_hv = user_only != 0;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  if (!inherit) attributes.read_format |= PERF_FORMAT_GROUP;
  long result = syscall(SYS_perf_event_open, &attributes, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
  return result >= 0 ? (int)result : -errno;
}

static int control(int descriptor, unsigned long request, int group) {
  return ioctl(descriptor, request, group ? PERF_IOC_FLAG_GROUP : 0) == 0 ? 0 : errno;
}

int perflab_perf_enable(int descriptor, int group) {
  return control(descriptor, PERF_EVENT_IOC_ENABLE, group);
}

int perflab_perf_disable(int descriptor, int group) {
  return control(descriptor, PERF_EVENT_IOC_DISABLE, group);
}

int perflab_perf_reset(int descriptor, int group) {
  return control(descriptor, PERF_EVENT_IOC_RESET, group);
}
