#ifndef CPERFLAB_FUTEX_H
#define CPERFLAB_FUTEX_H

#include <stdint.h>

/// Sleeps while `*word == expected`; returns at once where it is not. May wake for no reason.
void perflab_futex_wait(const uint32_t *word, uint32_t expected);

/// Wakes up to `count` threads of this process that sleep on `word`.
void perflab_futex_wake(const uint32_t *word, int count);

#endif
