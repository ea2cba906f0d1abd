import Harness
import Results

extension Experiment {
  /// A join by nested loops and by a hash table.
  static let timeComplexity = Experiment(
    id: "cpu/time-complexity",
    title: "Joining two tables: nested loops → a hash table",
    slot: "performance/cpu/algorithmic",
    claim: """
      Joining n orders with n customers through a dictionary is faster than with nested loops from \
      a few hundred rows on, by a factor that grows with n; for fewer rows the loops are as fast \
      or faster, since hashing costs more than some dozens of comparisons.
      """,
    mechanism: """
      The inner loop is a comparison with memory, two branches and a step of a pointer per \
      customer, and it stops at the match: n · n / 2 iterations. The dictionary hashes each key \
      twice, once to insert it and once to find it (SipHash, about a hundred instructions). Each \
      time it also touches a bit map, a key and a value at a random place. The cost per row is \
      constant, though large.
      """,
    limits: """
      For small tables, and for a few look-ups in a table that has no index yet, a scan is faster. \
      A table whose hash index exceeds the caches pays a cache miss per row. If both sides are \
      sorted, a merge needs neither.
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
    ] + joinPeers,
    // Above the crossover that the claim names.
    headline: DeclaredHeadline(value: 512, variant: "dictionary"),
    model: { question throws(MissingNumber) in
      let rows = Double(question.value)
      let miss = try question.time("branch.miss")
      if question.isBaseline {
        // The pointer's step is the chain; its copy costs nothing (register renaming).
        let comparisons = (rows + 1) / 2 * (try question.time("add.integer.latency"))
        let why = "The match ends the loop at an unpredictable place."
        return Model(
          comparisons.named("comparisons") + miss.named("mispredictions", because: why))
      }
      // Load factor at most 3/4, so 4/3 places of 16 bytes for each row.
      let place = try question.randomLatency(in: rows * 16 * 4 / 3)
      // About half of the places are taken, so that one of a row's two look-ups is mispredicted.
      // Rows overlap but for that: it is noticed only when the place has arrived.
      let found = place.named("random access to the table") + miss.named("mispredictions")
      let hash = 2 * (try question.time("hash.int"))
      // The search for the key, twice, and the check of uniqueness are calls.
      let calls = 3 * (try question.time("call.closure"))
      let allocation = try question.time("malloc.free.1024") / rows
      return Model(
        hash.named("hashing") + found + calls.named("calls of the dictionary")
          + allocation.named("allocation"))
    })
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
