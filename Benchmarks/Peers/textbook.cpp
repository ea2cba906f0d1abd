// Peers that are in no library, written as the literature has them.
#include "peers.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

PEER const char *perflab_peer_version() {
  return "Benchmarks/Peers/textbook.cpp (" PERFLAB_COMPILER ")";
}

// A prefix sum in vectors of four: within a vector by two shifted additions, so that only one
// addition in four depends on the one before (Zhang, Wang and Ross, "Parallel Prefix Sum with SIMD",
// ADMS 2020).

namespace {
typedef int64_t Vector __attribute__((vector_size(32)));
typedef int64_t Unaligned __attribute__((vector_size(32), aligned(8)));
} // namespace

PEER void perflab_vector_scan(const int64_t *values, int64_t *totals, int64_t count) {
  const Vector zero = {};
  Vector carry = {};
  int64_t i = 0;
  for (; i + 4 <= count; i += 4) {
    Vector x = *reinterpret_cast<const Unaligned *>(values + i);
    x += __builtin_shufflevector(zero, x, 0, 4, 5, 6);
    x += __builtin_shufflevector(zero, x, 0, 1, 4, 5);
    *reinterpret_cast<Unaligned *>(totals + i) = x + carry;
    carry += __builtin_shufflevector(x, x, 3, 3, 3, 3);
  }
  int64_t total = carry[0];
  for (; i < count; i++) totals[i] = total += values[i];
}

// A static B+ tree: nodes of 16 keys, a line each, with the sorted keys as its leaves (Slotin,
// "Static B-Trees", Algorithms for Modern Hardware, 2022). An inner key is the first of the leaf to
// the right of it, so that a node's rank leads on without a branch.

namespace {
constexpr int64_t width = 16;

int64_t blocks(int64_t keys) { return (keys + width - 1) / width; }
int64_t keys_above(int64_t keys) { return (blocks(keys) + width) / (width + 1) * width; }

struct Tree {
  uint32_t *keys;
  /// Where each level begins, the leaves first.
  std::vector<int64_t> levels;

  Tree(const uint32_t *sorted, int64_t count) {
    int64_t size = 0;
    for (int64_t own = count;; own = keys_above(own)) {
      levels.push_back(size);
      size += blocks(own) * width;
      if (own <= width) break;
    }
    keys = static_cast<uint32_t *>(std::aligned_alloc(64, size * sizeof(uint32_t)));
    std::fill(std::copy(sorted, sorted + count, keys), keys + size, UINT32_MAX);
    levels.push_back(size);
    for (size_t level = 1; level + 1 < levels.size(); level++) {
      for (int64_t i = 0; i < levels[level + 1] - levels[level]; i++) {
        // The child to the right of the key, and from there always to the left.
        int64_t leaf = i / width * (width + 1) + i % width + 1;
        for (size_t below = 1; below < level; below++) leaf *= width + 1;
        if (leaf * width < count) keys[levels[level] + i] = keys[leaf * width];
      }
    }
    levels.pop_back();
  }

  /// How many of a node's keys are below this one.
  static int64_t rank(const uint32_t *node, uint32_t key) {
#if defined(__AVX512F__)
    return __builtin_popcount(
        _mm512_cmplt_epu32_mask(_mm512_load_si512(node), _mm512_set1_epi32(int32_t(key))));
#elif defined(__AVX2__)
    // Comparisons are signed.
    const __m256i sign = _mm256_set1_epi32(INT32_MIN);
    const __m256i wanted = _mm256_xor_si256(_mm256_set1_epi32(int32_t(key)), sign);
    auto half = reinterpret_cast<const __m256i *>(node);
    auto below = [&](int i) {
      return _mm256_cmpgt_epi32(wanted, _mm256_xor_si256(_mm256_load_si256(half + i), sign));
    };
    const __m256i both = _mm256_packs_epi32(below(0), below(1));
    return __builtin_popcount(_mm256_movemask_epi8(both)) / 2;
#else
    int64_t below = 0;
    for (int64_t i = 0; i < width; i++) below += node[i] < key;
    return below;
#endif
  }

  uint32_t lower_bound(uint32_t key) const {
    int64_t place = 0;
    for (size_t level = levels.size() - 1; level > 0; level--) {
      place = place * (width + 1) + rank(keys + levels[level] + place, key) * width;
    }
    return keys[place + rank(keys + place, key)];
  }
};
} // namespace

PEER void *perflab_tree_make(const uint32_t *sorted, int64_t count) {
  return new Tree(sorted, count);
}

/// Each key depends on the result of the look-up before.
PEER uint64_t perflab_tree_lower_bound(
    const void *tree, const uint32_t *wanted, int64_t lookups) {
  const Tree &own = *static_cast<const Tree *>(tree);
  uint64_t sum = 0;
  uint32_t found = 0;
  for (int64_t i = 0; i < lookups; i++) {
    found = own.lower_bound(wanted[i] ^ (found & 1));
    sum += found;
  }
  return sum;
}

// The fields and records of a CSV file by masks of 64 bytes: vectors are compared, and quotes become
// the bytes between them by a product without carries (Langdale and Lemire, "Parsing Gigabytes of
// JSON per Second", VLDB J. 28, 2019, 3.1).

namespace {
uint64_t equal(const uint8_t *bytes, char wanted) {
#if defined(__AVX512BW__)
  return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(bytes), _mm512_set1_epi8(wanted));
#elif defined(__AVX2__)
  auto half = [&](int i) {
    auto part = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(bytes) + i);
    return uint64_t(uint32_t(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(part, _mm256_set1_epi8(wanted)))));
  };
  return half(0) | half(1) << 32;
#else
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= uint64_t(bytes[i] == uint8_t(wanted)) << i;
  return mask;
#endif
}

uint64_t prefix_parity(uint64_t bits) {
#if defined(__PCLMUL__)
  return uint64_t(_mm_cvtsi128_si64(_mm_clmulepi64_si128(
      _mm_cvtsi64_si128(int64_t(bits)), _mm_set1_epi8(char(0xff)), 0)));
#else
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
#endif
}
} // namespace

PEER void perflab_csv_shape(
    const uint8_t *bytes, int64_t count, int64_t *records, int64_t *fields) {
  uint64_t inside = 0;
  int64_t lines = 0, ends = 0;
  auto take = [&](const uint8_t *block, uint64_t valid) {
    const uint64_t quoted = prefix_parity(equal(block, '"') & valid) ^ inside;
    inside = uint64_t(int64_t(quoted) >> 63);
    const uint64_t newlines = equal(block, '\n') & ~quoted & valid;
    lines += __builtin_popcountll(newlines);
    ends += __builtin_popcountll(newlines | (equal(block, ',') & ~quoted & valid));
  };
  int64_t i = 0;
  for (; i + 64 <= count; i += 64) take(bytes + i, UINT64_MAX);
  if (i < count) {
    uint8_t rest[64] = {};
    std::copy(bytes + i, bytes + count, rest);
    take(rest, UINT64_MAX >> (64 - (count - i)));
  }
  *records = lines;
  *fields = ends;
}
