import Harness
import Results

extension Experiment {
  /// Elements handed to a closure by value, and elements that it reads where they lie.
  static let arcTraffic = Experiment(
    id: "memory/arc-traffic",
    title: "References retained and released per element → borrowed",
    slot: "performance/memory/detection",
    claim: """
      Handing each element of an array to a closure retains and releases every reference in it; \
      lending the closure a span, and the place to look at, counts nothing and is several times \
      faster, the more so the more references an element has. With a closure that does much work, or \
      a callee that the compiler can see, the gain is gone.
      """,
    mechanism: """
      Nobody can know that the closure does not drop the last other reference to an account, so the \
      compiler makes a copy of the element that lives through the call: one `swift_retain` a \
      reference before, one `swift_release` a reference after. Both are atomic read-modify-writes of \
      the count in the object's header. A span can't be copied out of by accident: the closure gets \
      two words and an index, and reads the fields where they lie, between two instructions of its \
      own. The loop of the one has the calls in its machine code, the loop of the other only that of \
      the closure, which checks the bounds instead.
      """,
    limits: """
      A `borrowing` parameter is no remedy: the caller copies all the same. Where the compiler sees \
      the callee, inlined or not, and that it releases nothing, it drops the pair by itself. What is \
      stored somewhere has to be retained, span or no span. Retains of one object by several threads \
      cost far more: memory/shared-refcount.
      """,
    diagram: """
      flowchart LR
        subgraph before["by value: {by value}"]
          a["orders[i]"] -- "retain" --> c["copy"]
          c -- "tariff, release" --> d["next"]
        end
        subgraph after["borrowed: {borrowed}"]
          s["span and i"] -- "tariff" --> n["next"]
        end
        before -- "{speedup} with {point} references an element" --> after
      """,
    sweep: .count("references", [1, 2, 4], smoke: 2),
    signals: ["retains per element", "releases per element"],
    work: { _ in Work(elements: Double(count)) },
    variants: [
      .countingRuntimeCalls(
        "by value", shows: ["TwoParties", "totalByValue"], per: "element", of: count,
        prepare: { point in
          switch point.value {
          case 1: byValue(OneParty.self)
          case 2: byValue(TwoParties.self)
          default: byValue(FourParties.self)
          }
        },
        run: { $0() }),
      .countingRuntimeCalls(
        "borrowed", shows: ["totalBorrowed"], per: "element", of: count,
        prepare: { point in
          switch point.value {
          case 1: borrowed(OneParty.self)
          case 2: borrowed(TwoParties.self)
          default: borrowed(FourParties.self)
          }
        },
        run: { $0() }),
    ],
    predict: { question throws(MissingNumber) in
      let pair = try question.number("retain.release")
      let call = try question.number("call.closure.throughput")
      let traffic = Double(question.value) * pair
      return Prediction(
        speedup: (traffic + call) / call,
        because: """
          An element has \(question.value) reference\(question.value == 1 ? "" : "s"), each retained \
          and released (\(traffic.brief) ns together); both variants call a closure with it \
          (\(call.brief) ns), which the loads hide behind.
          """)
    })
}

/// Elements, few enough to stay in the nearest caches.
private let count = 1_024

private final class Account: Sendable {
  let limit: Int
  init(_ limit: Int) { self.limit = limit }
}

private protocol Order {
  init(_ parties: [Account], amount: Int)
  var buyer: Account { get }
  var amount: Int { get }
}

private struct OneParty: Order {
  var buyer: Account
  var amount: Int
  init(_ parties: [Account], amount: Int) { (buyer, self.amount) = (parties[0], amount) }
}

private struct TwoParties: Order {
  var buyer, seller: Account
  var amount: Int
  init(_ parties: [Account], amount: Int) {
    (buyer, seller, self.amount) = (parties[0], parties[1], amount)
  }
}

private struct FourParties: Order {
  var buyer, seller, broker, bank: Account
  var amount: Int
  init(_ parties: [Account], amount: Int) {
    (buyer, seller, broker, bank) = (parties[0], parties[1], parties[2], parties[3])
    self.amount = amount
  }
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

private func orders<Element: Order>(_: Element.Type) -> [Element] {
  let accounts = (0..<count).map { Account($0 & 0xff) }
  return (0..<count).map { index in
    Element((0..<4).map { accounts[(index + $0 * 129) % count] }, amount: index)
  }
}

private func byValue<Element: Order>(_ type: Element.Type) -> () -> Int {
  let orders = orders(type)
  let fee = opaque(3)
  // One of two, so that the compiler can't know which and look into it.
  let tariff: (Element) -> Int =
    fee == 3 ? { $0.amount &+ $0.buyer.limit &+ fee } : { $0.amount &- fee }
  return { totalByValue(orders, tariff) }
}

private func borrowed<Element: Order>(_ type: Element.Type) -> () -> Int {
  let orders = orders(type)
  let fee = opaque(3)
  let tariff: (Span<Element>, Int) -> Int =
    fee == 3 ? { $0[$1].amount &+ $0[$1].buyer.limit &+ fee } : { $0[$1].amount &- fee }
  return { totalBorrowed(orders, tariff) }
}
