#include "cperflab_throughput.h"

#include "cperflab_lines.h"

#if defined(__x86_64__)
#define REGISTER "+v"
#if !defined(__AVX512F__)
#undef REGISTER
#define REGISTER "+x"
#endif
#else
#define REGISTER "+w"
#endif

typedef float float4 __attribute__((vector_size(16)));
typedef float float8 __attribute__((vector_size(32)));
typedef float float16 __attribute__((vector_size(64)));

/// Keeps a value in a register of its own: no joining, no reordering across rounds.
#define HOLD(x) __asm__ volatile("" : REGISTER(x))
#define EACH(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)

#define DECLARE(i) TYPE x##i = first + i;
#define STEP(i) x##i = OPERATION(x##i);
#define KEEP(i) HOLD(x##i);
#define COLLECT(i) sum += x##i;

#define KERNEL(NAME, LANE)                                                      \
  float NAME(int64_t rounds, float a, float b) {                                \
    TYPE first = (TYPE){} + a, factor = (TYPE){} + b;                           \
    HOLD(factor);                                                               \
    EACH(DECLARE)                                                               \
    for (int64_t i = 0; i < rounds; i++) {                                      \
      EACH(STEP)                                                                \
      EACH(KEEP)                                                                \
    }                                                                           \
    TYPE sum = first;                                                           \
    EACH(COLLECT)                                                               \
    return LANE(sum);                                                           \
  }
#define SELF(x) (x)
#define FIRST(x) (x)[0]

#define OPERATION(x) __builtin_elementwise_fma(x, factor, factor)
#define TYPE float
KERNEL(perflab_fma_scalar, SELF)
#undef TYPE
#define TYPE float4
KERNEL(perflab_fma_128, FIRST)
#undef TYPE
#define TYPE float8
#if defined(__AVX__)
KERNEL(perflab_fma_256, FIRST)
#endif
#undef TYPE
#define TYPE float16
#if defined(__AVX512F__)
KERNEL(perflab_fma_512, FIRST)
#endif
#undef TYPE

#undef OPERATION
#define OPERATION(x) ((x) + factor)
#define TYPE float
KERNEL(perflab_add_scalar, SELF)
#undef TYPE
#define TYPE float4
KERNEL(perflab_add_128, FIRST)
#undef TYPE
#define TYPE float8
#if defined(__AVX__)
KERNEL(perflab_add_256, FIRST)
#endif
#undef TYPE
#define TYPE float16
#if defined(__AVX512F__)
KERNEL(perflab_add_512, FIRST)
#endif

typedef uint8_t byte64 __attribute__((vector_size(64)));
typedef _Bool bit64 __attribute__((ext_vector_type(64)));

PERFLAB_WHOLE_VECTORS
uint64_t perflab_sum_masks(const uint8_t *bytes, size_t lines, uint8_t wanted) {
  const byte64 *vectors = (const byte64 *)bytes;
  byte64 all = (byte64){} + wanted;
  uint64_t sum = 0;
  for (size_t i = 0; i < lines; i++) {
    bit64 equal = __builtin_convertvector(vectors[i] == all, bit64);
    uint64_t mask;
    __builtin_memcpy(&mask, &equal, sizeof mask);
    sum += mask;
    // Else the compiler may count with vectors.
    __asm__ volatile("" : "+r"(sum));
  }
  return sum;
}

#define EIGHT(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#define START(j) int64_t sum##j = 0;
// Held in a register of its own, a sum can't become a lane of a vector.
#define ADD(j)            \
  sum##j += words[i + j]; \
  __asm__ volatile("" : "+r"(sum##j));
#define TOTAL(j) +sum##j
#define STORE(j) \
  HOLD(value);   \
  words[i + j] = value;

int64_t perflab_sum_words(const int64_t *words, size_t count) {
  EIGHT(START)
  for (size_t i = 0; i < count; i += 8) { EIGHT(ADD) }
  return EIGHT(TOTAL);
}

void perflab_store_floats(float *words, size_t count, float value) {
  for (size_t i = 0; i < count; i += 8) { EIGHT(STORE) }
}

typedef int32_t int4 __attribute__((vector_size(16)));

int32_t perflab_vector_add_chain(int64_t rounds, int32_t step) {
  int4 sum = (int4){} + step, each = sum;
  for (int64_t i = 0; i < rounds; i++) {
    for (int j = 0; j < PERFLAB_CHAINS; j++) {
      sum += each;
      HOLD(sum);
    }
  }
  return sum[0];
}

// A width that is not in this build: never called (see `PERFLAB_VECTOR_BITS`), but it must link.
#if !defined(__AVX__)
float perflab_fma_256(int64_t rounds, float a, float b) { return (float)rounds + a + b; }
float perflab_add_256(int64_t rounds, float a, float b) { return (float)rounds + a + b; }
#endif
#if !defined(__AVX512F__)
float perflab_fma_512(int64_t rounds, float a, float b) { return (float)rounds + a + b; }
float perflab_add_512(int64_t rounds, float a, float b) { return (float)rounds + a + b; }
#endif
