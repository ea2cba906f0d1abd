// Peers from the standard library, which any C++ compiler brings.
#include "peers.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory_resource>
#include <mutex>
#include <thread>
#include <vector>

PEER const char *perflab_peer_version() { return "standard library (" PERFLAB_COMPILER ")"; }

// A fixed pool as most people write it: a queue of functions, a mutex and condition variables.

namespace {
class Pool {
  std::mutex mutex;
  std::condition_variable arrived, finished;
  std::deque<std::function<void()>> tasks;
  size_t unfinished = 0;
  std::vector<std::thread> threads;

  [[noreturn]] void work(int64_t cpu) {
    pin(cpu);
    std::unique_lock lock(mutex);
    while (true) {
      arrived.wait(lock, [this] { return !tasks.empty(); });
      auto task = std::move(tasks.front());
      tasks.pop_front();
      lock.unlock();
      task();
      lock.lock();
      if (--unfinished == 0) finished.notify_all();
    }
  }

public:
  Pool(int64_t count, const int64_t *cpus) {
    for (int64_t i = 0; i < count; i++) threads.emplace_back([this, cpu = cpus[i]] { work(cpu); });
  }

  void submit(std::function<void()> task) {
    {
      std::lock_guard lock(mutex);
      tasks.push_back(std::move(task));
      unfinished++;
    }
    arrived.notify_one();
  }

  void drain() {
    std::unique_lock lock(mutex);
    finished.wait(lock, [this] { return unfinished == 0; });
  }
};
} // namespace

PEER void *perflab_pool_make(int64_t threads, const int64_t *cpus) {
  return new Pool(threads, cpus);
}

/// Submits a task so many times with this argument, waits, and returns the sum of the results.
PEER int64_t perflab_pool_run(
    void *pool, int64_t tasks, int64_t argument, int64_t (*task)(int64_t)) {
  std::atomic<int64_t> total{0};
  auto &own = *static_cast<Pool *>(pool);
  for (int64_t i = 0; i < tasks; i++) {
    own.submit([&total, task, argument] {
      total.fetch_add(task(argument), std::memory_order_relaxed);
    });
  }
  own.drain();
  return total;
}

// Look-ups in a sorted array: each key depends on the result of the look-up before.

PEER uint64_t perflab_lower_bound(
    const uint32_t *keys, int64_t count, const uint32_t *wanted, int64_t lookups) {
  uint64_t sum = 0;
  uint32_t found = 0;
  for (int64_t i = 0; i < lookups; i++) {
    auto place = std::lower_bound(keys, keys + count, wanted[i] ^ (found & 1));
    found = place == keys + count ? 0 : *place;
    sum += found;
  }
  return sum;
}

// Objects that die together, from the standard library's arena in a block that is large enough.

namespace {
struct Node {
  Node *next;
  int64_t key;
  int64_t payload[4];
};

struct Monotonic {
  std::vector<std::byte> block;
  std::pmr::monotonic_buffer_resource resource;
  explicit Monotonic(size_t bytes) : block(bytes), resource(block.data(), bytes) {}
};
} // namespace

PEER void *perflab_monotonic_make(int64_t objects) {
  return new Monotonic(objects * sizeof(Node) + alignof(std::max_align_t));
}

/// Links so many objects, adds up their keys and frees all of them, `requests` times.
PEER int64_t perflab_monotonic_serve(void *arena, int64_t objects, int64_t requests) {
  auto &resource = static_cast<Monotonic *>(arena)->resource;
  int64_t sum = 0;
  for (int64_t request = 0; request < requests; request++) {
    Node *list = nullptr;
    for (int64_t key = 0; key < objects; key++) {
      void *place = resource.allocate(sizeof(Node), alignof(Node));
      list = new (place) Node{list, key, {}};
    }
    for (Node *node = list; node; node = node->next) sum += node->key;
    resource.release();
  }
  return sum;
}
