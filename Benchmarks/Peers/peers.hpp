// What the libraries of peers share. Each file beside this one is a library of its own, so that a
// package that is missing costs its own peers alone: `make peers`.
//
// A function begins with `perflab_`, and Swift calls it by that name and a signature that nothing
// checks. Whoever changes the signature changes the name. What `make` functions give lives as long
// as the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <pthread.h>
#include <sched.h>

#define PEER extern "C" __attribute__((visibility("default")))

#if defined(__clang__)
#define PERFLAB_COMPILER "clang++ " __clang_version__
#else
#define PERFLAB_COMPILER "g++ " __VERSION__
#endif
#define PERFLAB_TEXT_OF(x) #x
#define PERFLAB_TEXT(x) PERFLAB_TEXT_OF(x)

/// Keeps the calling thread on a processor.
inline void pin(int64_t cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

/// A hint to the core that this is a spin loop.
inline void spin_hint() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
