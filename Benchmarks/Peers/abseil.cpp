// A peer from Abseil: its hash table.
#include "peers.hpp"

#include <absl/base/config.h>
#include <absl/container/flat_hash_map.h>

PEER const char *perflab_peer_version() {
#if defined(ABSL_LTS_RELEASE_VERSION)
  return "Abseil " PERFLAB_TEXT(ABSL_LTS_RELEASE_VERSION) " (" PERFLAB_COMPILER ")";
#else
  return "Abseil (" PERFLAB_COMPILER ")";
#endif
}

namespace {
struct Customer {
  int64_t id, discount;
};

struct Order {
  int64_t customer, amount;
};
} // namespace

/// Builds a table of the customers and looks up that of each order.
PEER int64_t perflab_flat_hash_join(
    const Order *orders, int64_t orderCount, const Customer *customers, int64_t customerCount) {
  absl::flat_hash_map<int64_t, int64_t> discounts;
  discounts.reserve(customerCount);
  for (int64_t i = 0; i < customerCount; i++) discounts[customers[i].id] = customers[i].discount;
  int64_t total = 0;
  for (int64_t i = 0; i < orderCount; i++) {
    auto found = discounts.find(orders[i].customer);
    if (found != discounts.end()) total += orders[i].amount * found->second;
  }
  return total;
}
