// Peers from OpenBLAS, on one thread: the caller sets OPENBLAS_NUM_THREADS before it opens this.
#include "peers.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <cblas.h>

/// OpenBLAS 0.3.21 takes Intel's models that it does not list for a Pentium 4 and its kernels of 2004
/// (driver/others/dynamic.c). Told a name that it does not know, it chooses by the vectors that there
/// are.
PEER const char *perflab_peer_setting() {
#if defined(__x86_64__)
  if (std::strcmp(openblas_get_corename(), "Prescott") == 0 && __builtin_cpu_supports("avx2"))
    return "OPENBLAS_CORETYPE=";
#endif
  return nullptr;
}

PEER const char *perflab_peer_version() {
  // The configuration begins with the name and version; the kernels are of the core's name.
  static char text[128];
  const char *config = openblas_get_config();
  const char *end = std::strchr(config, ' ');
  end = end ? std::strchr(end + 1, ' ') : nullptr;
  int length = int(end ? end - config : std::strlen(config));
  const char *told = std::getenv("OPENBLAS_CORETYPE");
  std::snprintf(
      text, sizeof text, "%.*s (%s%s)", length, config, openblas_get_corename(),
      told ? ", by its vectors: it does not know the model" : "");
  return text;
}

/// c = a · b for square matrices, row by row.
PEER void perflab_sgemm(const float *a, const float *b, float *c, int64_t n) {
  const int size = int(n);
  cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1, a, size, b, size, 0, c, size);
}

PEER float perflab_sdot(const float *a, const float *b, int64_t count) {
  return cblas_sdot(int(count), a, 1, b, 1);
}

PEER void perflab_somatcopy(const float *from, float *to, int64_t side) {
  const int size = int(side);
  cblas_somatcopy(CblasRowMajor, CblasTrans, size, size, 1, from, size, to, size);
}
