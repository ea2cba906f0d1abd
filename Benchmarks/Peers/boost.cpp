// Peers from Boost: a pool of blocks of one size, a queue between two threads, sorting.
#include "peers.hpp"

#include <boost/lockfree/spsc_queue.hpp>
#include <boost/pool/pool.hpp>
#include <boost/sort/pdqsort/pdqsort.hpp>
#include <boost/sort/spreadsort/integer_sort.hpp>
#include <boost/version.hpp>

PEER const char *perflab_peer_version() { return "Boost " BOOST_LIB_VERSION " (" PERFLAB_COMPILER ")"; }

using Pool = boost::pool<>;

/// A pool that has filled `live` with blocks of 64 bytes, each with its place's number.
PEER void *perflab_boost_pool_make(int64_t **live, int64_t count) {
  auto pool = new Pool(64);
  for (int64_t slot = 0; slot < count; slot++) {
    live[slot] = static_cast<int64_t *>(pool->malloc());
    *live[slot] = slot;
  }
  return pool;
}

/// Replaces the block of each slot that the order names, and adds up the numbers of the old ones.
PEER int64_t perflab_boost_pool_churn(
    void *pool, int64_t **live, const int32_t *order, int64_t steps) {
  Pool &own = *static_cast<Pool *>(pool);
  int64_t sum = 0;
  for (int64_t step = 0; step < steps; step++) {
    int64_t slot = order[step];
    auto fresh = static_cast<int64_t *>(own.malloc());
    *fresh = slot;
    sum += *live[slot];
    own.free(live[slot]);
    live[slot] = fresh;
  }
  return sum;
}

using Queue = boost::lockfree::spsc_queue<int64_t>;

PEER void *perflab_spsc_make(int64_t capacity) { return new Queue(capacity); }

PEER void perflab_spsc_produce(void *queue, int64_t messages) {
  Queue &own = *static_cast<Queue *>(queue);
  for (int64_t i = 0; i < messages; i++) {
    while (!own.push(i)) spin_hint();
  }
}

PEER int64_t perflab_spsc_consume(void *queue, int64_t messages) {
  Queue &own = *static_cast<Queue *>(queue);
  int64_t sum = 0;
  for (int64_t i = 0; i < messages; i++) {
    int64_t message;
    while (!own.pop(message)) spin_hint();
    sum += message;
  }
  return sum;
}

namespace {
struct Record {
  uint64_t key;
  int64_t row;
};

bool operator<(const Record &a, const Record &b) { return a.key < b.key; }

struct Shifted {
  uint64_t operator()(const Record &record, unsigned bits) const { return record.key >> bits; }
};
} // namespace

PEER void perflab_spreadsort_integers(uint32_t *first, int64_t count) {
  boost::sort::spreadsort::integer_sort(first, first + count);
}

PEER void perflab_spreadsort_records(Record *first, int64_t count) {
  boost::sort::spreadsort::integer_sort(first, first + count, Shifted());
}

PEER void perflab_pdqsort_integers(uint32_t *first, int64_t count) {
  boost::sort::pdqsort_branchless(first, first + count);
}

PEER void perflab_pdqsort_records(Record *first, int64_t count) {
  boost::sort::pdqsort_branchless(first, first + count, std::less<Record>());
}
