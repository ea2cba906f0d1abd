import Harness
import Results
import Techniques

extension Experiment {
  /// A join by nested loops and by a hash table.
  static let timeComplexity = Experiment(
    id: "cpu/time-complexity",
    title: "Joining two tables: nested loops → a hash table",
    slot: "performance/cpu/algorithmic",
    claim: """
      Joining n orders with n customers is faster through a hash table than with nested loops, by \
      a factor that grows with n: from a few hundred rows on with Swift's dictionary, and from \
      some dozens on with an open-addressing table of integers; for fewer rows the loops are as \
      fast or faster.
      """,
    mechanism: """
      The inner loop is a comparison with memory, two branches and a step of a pointer per \
      customer, and it stops at the match: n · n / 2 iterations. The dictionary hashes each key \
      twice, once to insert it and once to find it (SipHash, about a hundred instructions). Each \
      time it also touches a bit map, a key and a value at a random place. The cost per row is \
      constant, though large. The open-addressing table hashes with one multiplication and keeps \
      key and value side by side in one array, half of it empty. Its code is inlined, so rows \
      overlap, and what remains are mostly mispredictions at keys that collide.
      """,
    limits: """
      For small tables, and for a few look-ups in a table that has no index yet, a scan is faster. \
      A table whose hash index exceeds the caches pays a cache miss per row. If both sides are \
      sorted, a merge needs neither. The open-addressing table holds integers only, takes up to \
      twice the memory, and is no protection against keys that an adversary chooses by their times, \
      as SipHash with its secret seed is meant to be.
      """,
    diagram: """
      flowchart LR
        subgraph before["nested loops: {nested loops}"]
          direction LR
          o0["each order"] -- "n / 2 comparisons" --> c0["customers, one after the other"]
        end
        subgraph after["dictionary: {dictionary}"]
          direction LR
          c1["each customer"] -- "hash, insert" --> d["dictionary"]
          o1["each order"] -- "hash, find" --> d
        end
        open["open addressing: {open addressing}"]
        before -- "{speedup} at {point} rows" --> after
      """,
    sweep: .count("rows", [8, 32, 128, 512, 4_096], smoke: 8),
    signals: ["instructions", "branch misses"],
    work: { rows in Work(elements: Double(Join.count(rows) * rows), each: "row") },
    variants: [
      Variant(
        "nested loops", shows: ["joinByLoops"], prepare: Join.random,
        run: { joins in joins.reduce(0) { $0 &+ joinByLoops($1.orders, $1.customers) } }),
      Variant(
        "dictionary", shows: ["joinByDictionary"], prepare: Join.random,
        run: { joins in joins.reduce(0) { $0 &+ joinByDictionary($1.orders, $1.customers) } }),
      Variant(
        "open addressing", shows: ["joinByTable"], prepare: Join.random,
        run: { joins in joins.reduce(0) { $0 &+ joinByTable($1.orders, $1.customers) } }),
    ] + joinPeers,
    // Above the crossover that the claim names.
    headline: DeclaredHeadline(value: 512, variant: "dictionary"),
    model: { question throws(MissingNumber) in Model(try JoinTime(question).total()) })
}

@inline(never)
private func joinByLoops(_ orders: [Join.Order], _ customers: [Join.Customer]) -> Int {
  var total = 0
  for order in orders {
    for customer in customers where customer.id == order.customer {
      total &+= order.amount &* customer.discount
      break
    }
  }
  return total
}

@inline(never)
private func joinByDictionary(_ orders: [Join.Order], _ customers: [Join.Customer]) -> Int {
  var discounts = [Int: Int](minimumCapacity: customers.count)
  for customer in customers { discounts[customer.id] = customer.discount }
  var total = 0
  for order in orders {
    if let discount = discounts[order.customer] { total &+= order.amount &* discount }
  }
  return total
}

@inline(never)
private func joinByTable(_ orders: [Join.Order], _ customers: [Join.Customer]) -> Int {
  var discounts = FlatTable<Int>(minimumCapacity: customers.count)
  for customer in customers { discounts.set(customer.discount, for: customer.id) }
  var total = 0
  for order in orders {
    if let discount = discounts[order.customer] { total &+= order.amount &* discount }
  }
  return total
}
