import Harness
import Results

extension Experiment {
  /// Elements passed to a closure by value, and elements that it reads in place.
  static let arcTraffic = Experiment(
    id: "memory/arc-traffic",
    title: "References retained and released per element → borrowed",
    slot: "performance/memory/detection",
    claim: """
      Passing each element of an array to a closure retains and releases every reference in it; \
      passing a span and an index changes no reference count and is several times faster, the more \
      so the more references an element has, unless the closure does much work or the compiler \
      sees the callee.
      """,
    mechanism: """
      The compiler can't know that the closure keeps every account alive, so it copies the element \
      for the call: one `swift_retain` per reference before and one `swift_release` after, both \
      atomic read-modify-writes of the count in the object's header. A span lends its elements: the \
      closure checks the bounds and reads the fields in place, and nothing is copied.
      """,
    limits: """
      A `borrowing` parameter does not help: the caller copies all the same. Where the compiler sees \
      that the callee releases nothing, it removes the pair by itself. A stored value has to be \
      retained, span or not. Threads that retain one object pay far more: memory/shared-refcount.
      """,
    diagram: """
      flowchart LR
        subgraph before["by value: {by value}"]
          a["orders[i]"] -- "retain" --> c["copy"] -- "tariff, release" --> d["next"]
        end
        subgraph after["borrowed: {borrowed}"]
          s["span and i"] -- "tariff" --> n["next"]
        end
        before -- "{speedup} with {point} references per element" --> after
      """,
    sweep: .count("references", [1, 2, 4], smoke: 2),
    signals: ["retains per element", "releases per element"],
    work: { _ in Work(elements: Double(count)) },
    variants: [
      .countingRuntimeCalls(
        "by value", shows: ["TwoParties", "totalByValue"], per: "element", of: count,
        prepare: { kernels($0.value).byValue }, run: { $0() }),
      .countingRuntimeCalls(
        "borrowed", shows: ["totalBorrowed"], per: "element", of: count,
        prepare: { kernels($0.value).borrowed }, run: { $0() }),
    ],
    model: { question throws(MissingNumber) in
      // The closure's loads overlap with its call.
      let call = try question.time("call.closure.throughput").named("closure call")
      guard question.isBaseline else { return Model(call) }
      // Each reference is to another object.
      let pairs = Double(question.value) * (try question.time("retain.release.next.l1"))
      return Model(pairs.named("retains and releases") + call)
    })
}

/// Elements, few enough to stay in the nearest caches.
private let count = 1_024

private struct OneParty: Order {
  var buyer: Account
  var amount: Int
}

private struct TwoParties: Order {
  var buyer, seller: Account
  var amount: Int
}

private struct FourParties: Order {
  var buyer, seller, broker, bank: Account
  var amount: Int
}

@inline(never)
private func totalByValue<Element>(_ orders: [Element], _ tariff: (Element) -> Int) -> Int {
  var total = 0
  for order in orders { total += tariff(order) }
  return total
}

@inline(never)
private func totalBorrowed<Element>(
  _ orders: [Element], _ tariff: (Span<Element>, Int) -> Int
) -> Int {
  let span = orders.span
  var total = 0
  for index in span.indices { total += tariff(span, index) }
  return total
}

private typealias Kernels = (byValue: () -> Int, borrowed: () -> Int)

private func kernels(_ references: Int) -> Kernels {
  switch references {
  case 1: kernels { OneParty(buyer: $0[0], amount: $1) }
  case 2: kernels { TwoParties(buyer: $0[0], seller: $0[1], amount: $1) }
  default:
    kernels { FourParties(buyer: $0[0], seller: $0[1], broker: $0[2], bank: $0[3], amount: $1) }
  }
}

private func kernels<Element: Order>(_ order: ([Account], Int) -> Element) -> Kernels {
  let orders = Account.orders(count, order)
  let fee = opaque(3)
  // One of two closures, so that the compiler can't know which and see the callee.
  let byValue: (Element) -> Int =
    fee == 3 ? { $0.amount &+ $0.buyer.limit &+ fee } : { $0.amount &- fee }
  let borrowed: (Span<Element>, Int) -> Int =
    fee == 3 ? { $0[$1].amount &+ $0[$1].buyer.limit &+ fee } : { $0[$1].amount &- fee }
  return ({ totalByValue(orders, byValue) }, { totalBorrowed(orders, borrowed) })
}
