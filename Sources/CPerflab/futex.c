#define _GNU_SOURCE
#include "cperflab_futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

void perflab_futex_wait(const uint32_t *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, 0, 0, 0);
}

void perflab_futex_wake(const uint32_t *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, 0, 0, 0);
}
