#define _GNU_SOURCE
#include "cperflab_build.h"

#include <dlfcn.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#ifndef PERFLAB_ARCH
#define PERFLAB_ARCH ""
#endif

#ifndef PERFLAB_VERSION
#define PERFLAB_VERSION ""
#endif

int perflab_build_optimised(void) {
#if defined(__OPTIMIZE__)
  return 1;
#else
  return 0;
#endif
}

const char *perflab_build_compiler(void) { return __VERSION__; }

const char *perflab_build_arch(void) { return PERFLAB_ARCH; }

const char *perflab_build_version(void) { return PERFLAB_VERSION; }

const char *perflab_build_features(void) {
  return ""
#if defined(__SSE4_2__)
         "sse4_2 "
#endif
#if defined(__AVX__)
         "avx "
#endif
#if defined(__AVX2__)
         "avx2 "
#endif
#if defined(__FMA__)
         "fma "
#endif
#if defined(__AVX512F__)
         "avx512f "
#endif
#if defined(__AVX512BW__)
         "avx512bw "
#endif
#if defined(__ARM_NEON)
         "neon "
#endif
#if defined(__ARM_FEATURE_SVE)
         "sve "
#endif
#if defined(__ARM_FEATURE_SVE2)
         "sve2 "
#endif
      ;
}

int perflab_hypervisor_signature(char signature[13]) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  // Leaf 1, ecx bit 31: "always 0 on a processor, 1 for a guest" (Intel and AMD manuals).
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 31)) return 0;
  __cpuid(0x40000000, a, b, c, d);
  memcpy(signature, &b, 4);
  memcpy(signature + 4, &c, 4);
  memcpy(signature + 8, &d, 4);
  signature[12] = 0;
  return 1;
#else
  signature[0] = 0;
  return 0;
#endif
}

const char *perflab_symbol_library(const char *symbol) {
  void *address = dlsym(RTLD_DEFAULT, symbol);
  Dl_info info;
  if (!address || !dladdr(address, &info)) return NULL;
  return info.dli_fname;
}

int64_t perflab_code_offset(const void *code) {
  Dl_info info;
  if (!dladdr(code, &info) || !info.dli_fbase) return -1;
  return (const char *)code - (const char *)info.dli_fbase;
}
