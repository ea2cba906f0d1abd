#ifndef CPERFLAB_BUILD_H
#define CPERFLAB_BUILD_H

#include <stddef.h>
#include <stdint.h>

/// 1 where the C part was compiled with optimisation.
int perflab_build_optimised(void);

/// The C compiler's own description of itself.
const char *perflab_build_compiler(void);

/// The build's `-DPERFLAB_ARCH="native"`: the argument of `-march` or `-mcpu`.
/// Empty without it: the toolchain's default.
const char *perflab_build_arch(void);

/// The build's `-DPERFLAB_VERSION="1.2.3"`; empty without it.
const char *perflab_build_version(void);

/// Vector extensions that the compiler was allowed to use, separated by spaces.
const char *perflab_build_features(void);

/// The hypervisor's twelve letters from processor leaf 0x40000000, terminated. Returns 1 where the
/// processor says that it is a guest's, else 0. Always 0 but on x86-64.
int perflab_hypervisor_signature(char signature[13]);

/// The shared object that defines `symbol` for this process: the first in the search order, as a
/// call from C would find it. Returns null where it is not defined. The text lives as long as the
/// object stays loaded.
const char *perflab_symbol_library(const char *symbol);

/// How far a function lies from the start of the file that it was loaded from, in bytes: the same
/// in every process. -1 where it belongs to no file.
int64_t perflab_code_offset(const void *code);

/// No instruction. A function that holds it is unlike its twin to the optimiser, which would
/// otherwise keep one body for both.
static inline void perflab_mark_copy(void) { __asm__ volatile("# a copy of its own"); }

#endif
