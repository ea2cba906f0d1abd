#ifndef CPERFLAB_VECTOR_H
#define CPERFLAB_VECTOR_H

#include <stdint.h>
#include <string.h>
#if defined(__PCLMUL__) || defined(__AVX2__)
#include <immintrin.h>
#endif

/// The vector registers that this build may use: how wide the widest are, in bits, and how many.
#if defined(__AVX512F__)
#define PERFLAB_VECTOR_BITS 512
#define PERFLAB_VECTOR_REGISTERS 32
#elif defined(__AVX__)
#define PERFLAB_VECTOR_BITS 256
#define PERFLAB_VECTOR_REGISTERS 16
#elif defined(__aarch64__)
#define PERFLAB_VECTOR_BITS 128
#define PERFLAB_VECTOR_REGISTERS 32
#else
#define PERFLAB_VECTOR_BITS 128
#define PERFLAB_VECTOR_REGISTERS 16
#endif

/// Asks for the cache line of `address` ahead of its use. Never faults, whatever the address.
static inline void perflab_prefetch(const void *address) { __builtin_prefetch(address); }

/// The same for a line that the core is about to write, which it needs to own. The builtin fetches
/// it for reading where the instruction set's level has no word for that (x86-64-v3); there the
/// instruction does nothing on a processor that does not know it.
static inline void perflab_prefetch_to_write(const void *address) {
#if defined(__x86_64__)
  __asm__ volatile("prefetchw (%0)" : : "r"(address));
#else
  __builtin_prefetch(address, 1);
#endif
}

typedef uint8_t perflab_bytes64 __attribute__((ext_vector_type(64), aligned(1)));
typedef _Bool perflab_bools64 __attribute__((ext_vector_type(64)));

/// Bit i says whether `bytes[i] == wanted`, for 64 bytes that must be readable.
/// A vector compare into a mask register with AVX-512, compare and collect elsewhere.
static inline uint64_t perflab_equal64(const uint8_t *bytes, uint8_t wanted) {
  perflab_bytes64 block = *(const perflab_bytes64 *)bytes;
  perflab_bools64 equal = __builtin_convertvector(block == (perflab_bytes64)wanted, perflab_bools64);
  uint64_t mask;
  memcpy(&mask, &equal, sizeof mask);
  return mask;
}

typedef uint8_t perflab_bytes32 __attribute__((ext_vector_type(32), aligned(1)));

/// Whether one of 256 bytes, which must be readable, equals `wanted`: whether the least difference
/// is zero, which one test decides. Vectors of 32 bytes keep up with the first-level cache, and
/// longer ones fall behind beyond the last. In C, since Swift tests a vector lane by lane.
static inline int perflab_any_equal256(const uint8_t *bytes, uint8_t wanted) {
  const perflab_bytes32 *in = (const perflab_bytes32 *)bytes;
  perflab_bytes32 all = (perflab_bytes32)wanted, least = in[0] ^ all;
  for (int index = 1; index < 8; index++)
    least = __builtin_elementwise_min(least, in[index] ^ all);
#if defined(__aarch64__)
  return __builtin_reduce_min(least) == 0;
#else
  return __builtin_reduce_or(least == 0) != 0;
#endif
}

/// Bit i of the result is the parity of bits 0…i: a product with all ones without carries.
static inline uint64_t perflab_prefix_parity(uint64_t bits) {
#if defined(__PCLMUL__)
  __m128i product =
      _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8((char)0xff), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
#else
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
#endif
}

typedef int32_t perflab_words4 __attribute__((ext_vector_type(4), aligned(4)));

/// Twice the number of 16 words that are less than `key`. The words must be readable.
///
/// With AVX2 two bits of a mask stand for a word; halving their number would lengthen the path from
/// a node to its child. Elsewhere the results of the comparisons, 0 and −1, are added.
static inline int64_t perflab_twice_less16(const int32_t *words, int32_t key) {
#if defined(__AVX2__)
  const __m256i *node = (const __m256i *)words;
  const __m256i wanted = _mm256_set1_epi32(key);
  __m256i low = _mm256_cmpgt_epi32(wanted, _mm256_loadu_si256(node));
  __m256i high = _mm256_cmpgt_epi32(wanted, _mm256_loadu_si256(node + 1));
  // Packing reorders the words, which a count does not notice.
  int mask = _mm256_movemask_epi8(_mm256_packs_epi32(low, high));
  return __builtin_popcount((unsigned)mask);
#else
  const perflab_words4 *node = (const perflab_words4 *)words;
  perflab_words4 low = (node[0] < key) + (node[1] < key);
  perflab_words4 high = (node[2] < key) + (node[3] < key);
  return -2 * (int64_t)__builtin_reduce_add(low + high);
#endif
}

#endif
