// Peers from oneTBB: tasks on threads that are pinned as ours are.
#include "peers.hpp"

#include <atomic>
#include <vector>

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_invoke.h>
#include <oneapi/tbb/parallel_scan.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#include <oneapi/tbb/task_scheduler_observer.h>

namespace tbb = oneapi::tbb;

PEER const char *perflab_peer_version() {
  return "oneTBB " TBB_VERSION_STRING " (" PERFLAB_COMPILER ")";
}

namespace {
/// So many threads, the caller being the first.
struct Arena {
  tbb::global_control limit;
  tbb::task_arena arena;

  struct Pins : tbb::task_scheduler_observer {
    const std::vector<int64_t> cpus;

    Pins(tbb::task_arena &arena, int64_t threads, const int64_t *cpus)
        : tbb::task_scheduler_observer(arena), cpus(cpus, cpus + threads) {
      observe(true);
    }

    void on_scheduler_entry(bool isWorker) override {
      auto slot = size_t(tbb::this_task_arena::current_thread_index());
      if (isWorker && slot < cpus.size()) pin(cpus[slot]);
    }
  } pins;

  Arena(int64_t threads, const int64_t *cpus)
      : limit(tbb::global_control::max_allowed_parallelism, size_t(threads)),
        arena(int(threads), 1), pins(arena, threads, cpus) {}
};

template <typename Body> auto run(void *arena, Body body) {
  return static_cast<Arena *>(arena)->arena.execute(body);
}
} // namespace

PEER void *perflab_tbb_make(int64_t threads, const int64_t *cpus) {
  return new Arena(threads, cpus);
}

/// Runs a task so many times with this argument, waits, and returns the sum of the results.
PEER int64_t perflab_tbb_run(
    void *arena, int64_t tasks, int64_t argument, int64_t (*task)(int64_t)) {
  return run(arena, [=] {
    std::atomic<int64_t> total{0};
    tbb::task_group group;
    for (int64_t i = 0; i < tasks; i++) {
      group.run([&total, task, argument] {
        total.fetch_add(task(argument), std::memory_order_relaxed);
      });
    }
    group.wait();
    return total.load();
  });
}

namespace {
int64_t fibonacci(int64_t n) {
  if (n < 2) return n;
  int64_t a, b;
  tbb::parallel_invoke([&] { a = fibonacci(n - 1); }, [&] { b = fibonacci(n - 2); });
  return a + b;
}
} // namespace

PEER int64_t perflab_tbb_fibonacci(void *arena, int64_t n) {
  return run(arena, [=] { return fibonacci(n); });
}

namespace {
/// Where it has split the keys; 0 where they were few and it has sorted them.
using Split = int64_t (*)(int64_t *keys, int64_t count);

void quicksort(int64_t *keys, int64_t count, Split split) {
  int64_t low = split(keys, count);
  if (low == 0) return;
  tbb::parallel_invoke(
      [=] { quicksort(keys, low, split); }, [=] { quicksort(keys + low, count - low, split); });
}
} // namespace

PEER void perflab_tbb_quicksort(void *arena, int64_t *keys, int64_t count, Split split) {
  run(arena, [=] { quicksort(keys, count, split); });
}

namespace {
/// A node of a tree, of which the visitor knows more.
struct Node {
  uint64_t words[2];
};

/// Sets a node's value, and its children where it is not a leaf.
using Visit = int32_t (*)(const Node *, Node *children, uint64_t *value);

uint64_t search(const Node &node, Visit visit) {
  Node children[2];
  uint64_t value, left;
  if (!visit(&node, children, &value)) return value;
  tbb::task_group group;
  group.run([&] { left = search(children[0], visit); });
  uint64_t right = search(children[1], visit);
  group.wait();
  return value + left + right;
}
} // namespace

PEER uint64_t perflab_tbb_search(void *arena, const Node *root, Visit visit) {
  return run(arena, [=] { return search(*root, visit); });
}

PEER void perflab_tbb_scan(void *arena, const int64_t *values, int64_t *totals, int64_t count) {
  run(arena, [=] {
    tbb::parallel_scan(
        tbb::blocked_range<int64_t>(0, count, 1024), int64_t(0),
        [=](const tbb::blocked_range<int64_t> &range, int64_t total, bool isFinal) {
          if (!isFinal) {
            for (int64_t i = range.begin(); i < range.end(); i++) total += values[i];
            return total;
          }
          for (int64_t i = range.begin(); i < range.end(); i++) totals[i] = total += values[i];
          return total;
        },
        [](int64_t left, int64_t right) { return left + right; });
  });
}
