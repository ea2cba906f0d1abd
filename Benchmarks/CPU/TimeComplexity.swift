import Harness
import Results

extension Experiment {
  /// A join by two loops and by a hash table.
  static let timeComplexity = Experiment(
    id: "cpu/time-complexity",
    title: "Joining two tables: nested loops → a hash table",
    slot: "performance/cpu/algorithmic",
    claim: """
      Joining n orders with n customers through a dictionary is faster than with nested loops from \
      some dozens of rows on, by a factor that grows with n; below that the loops win, since \
      hashing costs more than a few comparisons.
      """,
    mechanism: """
      The inner loop is a compare with memory, two branches and two steps of a pointer (`lea`, \
      `mov`) for each customer, and stops at the match: n · n / 2 of them. The dictionary hashes each key twice, once to enter \
      it and once to find it (SipHash, a hundred instructions), and touches a bit map, a key and a \
      value at a random place: a constant for each row, though a large one.
      """,
    limits: """
      For small tables, and for a few look-ups in a table that is not indexed yet, scanning is \
      faster. A table whose hash index no longer fits in the caches pays a miss a row. If both \
      sides are sorted, a merge needs neither.
      """,
    diagram: """
      flowchart LR
        subgraph before["nested loops: {nested loops}"]
          direction LR
          o0["each order"] -- "n / 2 comparisons" --> c0["customers, one after the other"]
        end
        subgraph after["dictionary: {dictionary}"]
          direction LR
          c1["each customer"] -- "hash, enter" --> d["dictionary"]
          o1["each order"] -- "hash, find" --> d
        end
        before -- "{speedup} at {point} rows" --> after
      """,
    sweep: .count("rows", [8, 32, 128, 512, 4_096], smoke: 8),
    signals: ["instructions", "branch misses"],
    work: { rows in Work(elements: Double(joinCount(rows) * rows)) },
    variants: [
      Variant(
        "nested loops", shows: ["joinByLoops"],
        prepare: { point in joins(point) },
        run: { joins in joins.reduce(0) { $0 &+ joinByLoops($1.orders, $1.customers) } }),
      Variant(
        "dictionary", shows: ["joinByDictionary"],
        prepare: { point in joins(point) },
        run: { joins in joins.reduce(0) { $0 &+ joinByDictionary($1.orders, $1.customers) } }),
    ],
    predict: { question throws(MissingNumber) in
      let rows = Double(question.value)
      let cycle = try question.number("add.integer.latency")
      let miss = try question.number("branch.miss")
      let hash = try question.number("hash.int")
      let allocation = try question.number("malloc.free.1024")
      // Load factor at most 3/4, so 4/3 places of 16 bytes for each row.
      let place = try question.randomLatency(in: rows * 16 * 4 / 3)
      // A step of the pointer is the chain; its copy costs nothing (register renaming).
      let loops = (rows + 1) / 2 * cycle + miss
      // The search for the key, twice, and the check for other owners are calls.
      let calls = 3 * (try question.number("call.closure"))
      // Rows don't wait for each other, except where a guess is wrong: that waits for the place.
      let dictionary = 2 * (hash + (place + miss) / 2) + calls + allocation / rows
      return Prediction(
        speedup: loops / dictionary,
        because: """
          An order is compared with half of the customers, a step of \(cycle.brief) ns each that \
          depends on the one before, and the end of that is guessed wrong (\(miss.brief) ns): \
          \(loops.brief) ns. In the dictionary a row is hashed twice (\(hash.brief) ns), and each \
          time a place is read that is taken or free about equally often, so that every second \
          guess is wrong (\(miss.brief) ns), and that is seen when the place is there \
          (\(place.brief) ns); that takes three calls (\(calls.brief) ns); a join allocates and \
          frees it once: \(dictionary.brief) ns a row.
          """)
    })
}

private struct Customer: Sendable {
  var id: Int
  var discount: Int
}

private struct Order: Sendable {
  var customer: Int
  var amount: Int
}

private struct Join: Sendable {
  var orders: [Order]
  var customers: [Customer]
}

/// Many different joins of few rows, since predictors learn a few by heart.
private func joinCount(_ rows: Int) -> Int {
  max(1, min((1 << 17) / rows, (1 << 24) / (rows * rows)))
}

private func joins(_ point: Point) -> [Join] {
  var random = point.generator()
  return (0..<joinCount(point.value)).map { _ in
    let ids = (0..<point.value).map { $0 << 20 | .random(in: 0..<1 << 20, using: &random) }
    return Join(
      orders: (0..<point.value).map { _ in
        Order(
          customer: ids.randomElement(using: &random)!, amount: .random(in: 1...99, using: &random))
      },
      customers: ids.shuffled(using: &random).map {
        Customer(id: $0, discount: .random(in: 1...9, using: &random))
      })
  }
}

@inline(never)
private func joinByLoops(_ orders: [Order], _ customers: [Customer]) -> Int {
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
private func joinByDictionary(_ orders: [Order], _ customers: [Customer]) -> Int {
  var discounts = [Int: Int](minimumCapacity: customers.count)
  for customer in customers { discounts[customer.id] = customer.discount }
  var total = 0
  for order in orders {
    if let discount = discounts[order.customer] { total &+= order.amount &* discount }
  }
  return total
}
