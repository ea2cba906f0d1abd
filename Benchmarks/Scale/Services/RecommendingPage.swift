import Harness
import Platform
import Results

/// A page that asks for recommendations, from the module or from the service that it became.
final class RecommendingPage {
  /// Calls of a kernel call: fewer where each takes long.
  static func calls(of products: Int) -> Int { max(5, min(100, 1_000_000 / products)) }

  let module: Recommender
  let products: Int
  private(set) var report: [String: Counter] = [:]
  private let service: MessageService?

  /// - Parameter form: of the service's messages; nil where there is no service.
  init(_ point: Point, _ form: MessageForm?) {
    let module = Recommender(point)
    (self.module, products) = (module, point.value)
    service = form.map { form in
      orEnd {
        try MessageService(on: point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]) { message in
          form.bytes(module.best(for: form.wish(message)))
        }
      }
    }
  }

  func call(_ message: [UInt8]) -> [UInt8] { orEnd { try service!.call(message) } }

  /// - Returns: a digest of all suggestions.
  func show(_ ask: (Wish) -> Suggestion) -> UInt64 {
    let (before, count) = (ProcessorTimes.now(), Self.calls(of: products))
    var (sum, times): (UInt64, [UInt64]) = (0, [])
    for customer in 0..<count {
      let start = Clock.now()
      let found = ask(Wish(customer: customer, products: products))
      times.append(Clock.now() - start)
      sum = sum &* 31 &+ UInt64(bitPattern: Int64(found.product &+ found.score))
    }
    let used = ProcessorTimes.now() - before
    times.sort()
    report = [
      "processor time per call": Counter(
        Double(used.own + used.others) / Double(count), unit: .nanoseconds),
      "p99 of a call": Counter(Double(times[count * 99 / 100]), unit: .nanoseconds),
    ]
    return sum
  }

  /// Nanoseconds of a call, the mean of some.
  /// - Parameter body: for a customer; what it returns is used, so that the work is done.
  func time(_ body: (Int) -> Int) -> Double {
    let rounds = max(3, min(200, 1_000_000 / products))
    var sum = opaque(body(opaque(0)))
    let start = Clock.now()
    for customer in 1...rounds { sum &+= opaque(body(opaque(customer))) }
    let took = Clock.now() - start
    _ = opaque(sum)
    return Double(took) / Double(rounds)
  }
}
