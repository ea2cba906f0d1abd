#ifndef CPERFLAB_THROUGHPUT_H
#define CPERFLAB_THROUGHPUT_H

#include <stddef.h>
#include <stdint.h>

/// Instructions that one round of the functions below issues, each on a chain of its own.
#define PERFLAB_CHAINS 12

/// Whether this build has a fused multiply-add instruction.
static inline int perflab_has_fma(void) {
#if defined(__FMA__) || defined(__aarch64__)
  return 1;
#else
  return 0;
#endif
}

/// Multiply-adds (or adds) of Float on `PERFLAB_CHAINS` independent chains, `rounds` times.
/// In C because Swift cannot keep the vector's width: its compiler joins independent scalars into
/// vectors and cuts `SIMD16` arguments into smaller ones. Returns a digest of the chains.
float perflab_fma_scalar(int64_t rounds, float a, float b);
float perflab_fma_128(int64_t rounds, float a, float b);
float perflab_fma_256(int64_t rounds, float a, float b);
float perflab_fma_512(int64_t rounds, float a, float b);
float perflab_add_scalar(int64_t rounds, float a, float b);
float perflab_add_128(int64_t rounds, float a, float b);
float perflab_add_256(int64_t rounds, float a, float b);
float perflab_add_512(int64_t rounds, float a, float b);

/// Compares `lines` times 64 bytes with a byte, moves each mask of equal ones to an integer register
/// and adds it to a sum. `bytes` is aligned to 64.
uint64_t perflab_sum_masks(const uint8_t *bytes, size_t lines, uint8_t wanted);

/// Adds `count` words, a multiple of eight, to eight sums, one load a word.
int64_t perflab_sum_words(const int64_t *words, size_t count);

/// Writes `count` words, a multiple of eight, from a vector register, one store a word.
void perflab_store_floats(float *words, size_t count, float value);

/// `PERFLAB_CHAINS` additions of 32-bit integers in vectors of 128 bits, `rounds` times, each of
/// which waits for the one before. Returns the first lane.
int32_t perflab_vector_add_chain(int64_t rounds, int32_t step);

#endif
