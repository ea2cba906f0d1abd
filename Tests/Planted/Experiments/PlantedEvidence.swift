import Glibc
import Harness
import Results
import Statistics

/// Experiments that are simulated, computed, or compare a percentile, with known results.
let plantedEvidence: [Experiment] = [
  simulated("planted/simulated"),
  // Given other arrivals, a system proves nothing.
  simulated("planted/other-arrivals", offered: { $0 + 1 }),
  simulated("planted/simulated-crash", offered: { _ in abort() }),
  uncertain, computed, twoPrices, breakEven, percentile("planted/percentile", observations: 500),
  percentile("planted/few-observations", observations: 1),
  percentile("planted/few-in-candidate", observations: 500, inCandidate: 1),
]

/// The mean of exponential times, and half of it.
private func simulated(
  _ id: String, offered: @escaping @Sendable (Double) -> Double = { $0 }
) -> Experiment {
  func variant(_ name: String, factor: Double, _ offered: @escaping @Sendable (Double) -> Double)
    -> Variant
  {
    Variant(simulated: name, shows: []) { point in
      var generator = point.generator()
      let times = (0..<1_000).map { _ in -log(1 - Double.random(in: 0..<1, using: &generator)) }
      let sum = times.reduce(0, +)
      return Replication(
        offered: offered(sum),
        figures: ["mean time": Counter(factor * sum / 1_000, unit: .nanoseconds)])
    }
  }
  return Experiment(
    id: id, title: id, slot: "none", claim: "", mechanism: "", limits: "", diagram: "",
    sweep: .count("size", [1, 2], smoke: 1),
    metric: .reported("mean time", unit: .nanoseconds, lowerIsBetter: true),
    work: { _ in Work() },
    variants: [variant("before", factor: 1) { $0 }, variant("after", factor: 0.5, offered)])
}

private let factor = UncertainInput("factor", 0.5, in: 0.25...2, source: "planted")
private let nothing = UncertainInput("nothing", 1, in: 0...2)

/// A time, and a factor of it: even where the factor is 1.
private let uncertain = Experiment(
  id: "planted/uncertain", title: "Uncertain", slot: "none", claim: "", mechanism: "", limits: "",
  diagram: "", sweep: .count("size", [1, 2], smoke: 1),
  metric: .reported("mean time", unit: .nanoseconds, lowerIsBetter: true), work: { _ in Work() },
  variants: ["before", "after"].map { name in
    Variant(simulated: name, shows: []) { point in
      var generator = point.generator()
      let time = Double.random(in: 1..<2, using: &generator)
      let value = name == "before" ? time : time * point[factor]
      return Replication(
        offered: time, figures: ["mean time": Counter(value, unit: .nanoseconds)])
    }
  }, uncertain: [nothing, factor])

/// Five to one, the five between four and six and a quarter.
private let computed = Experiment(
  id: "planted/computed", title: "Computed", slot: "none", claim: "", mechanism: "", limits: "",
  diagram: "", sweep: .count("size", [1, 1_000], smoke: 1), metric: .dollars("cost"),
  work: { _ in Work() },
  variants: [
    Variant(computed: "before", shows: []) { question in
      let price = Term<DollarsPerMonth>.input("price", 10, low: 8, high: 12.5, source: "planted")
      return Computation(Double(question.value) * price)
    },
    Variant(computed: "after", shows: []) { question throws(MissingNumber) in
      let share = try question.ratio("planted.share")
      return Computation(share * Term<DollarsPerMonth>.exactly(4 * Double(question.value)))
        .showing("share", share)
    },
  ])

/// A fixed sum, likely to be 100, against so much for each: even at 100, cheaper below.
private let breakEven = Experiment(
  id: "planted/break-even", title: "Break-even", slot: "none", claim: "", mechanism: "", limits: "",
  diagram: "", sweep: .count("pieces", [10, 100, 1_000], smoke: 100, label: { "\($0) pieces" }),
  metric: .dollars("cost"), work: { _ in Work() },
  variants: [
    Variant(computed: "fixed", shows: []) { _ in
      Computation(Term<DollarsPerMonth>.assumed("sum", 100, in: 50...300))
    },
    Variant(computed: "each", shows: []) { question in
      Computation(Double(question.value) * Term<DollarsPerMonth>.exactly(1))
    },
  ])

/// Two prices under one name.
private let twoPrices = Experiment(
  id: "planted/two-prices", title: "Two prices", slot: "none", claim: "", mechanism: "",
  limits: "", diagram: "", sweep: .count("size", [1], smoke: 1), metric: .dollars("cost"),
  work: { _ in Work() },
  variants: [12.0, 3].map { price in
    Variant(computed: price == 12 ? "before" : "after", shows: []) { _ in
      Computation(
        Term<DollarsPerMonth>.input(
          "price", price, low: price / 2, high: price * 2, source: "planted"))
    }
  })

/// Values from 1 to 1,000 in the baseline, half of them in the candidate.
private func percentile(
  _ id: String, observations: Int, inCandidate: Int? = nil
) -> Experiment {
  func variant(_ name: String, factor: Double, _ observations: Int) -> Variant {
    Variant(
      name, shows: [],
      prepare: { _ in Recorder() },
      observe: { $0.taken() },
      run: { recorder in
        for value in 1...observations {
          recorder.record(Int(factor * Double(value * 1_000 / observations)))
        }
        usleep(1_500)
        return 7
      })
  }
  return Experiment(
    id: id, title: id, slot: "none", claim: "", mechanism: "", limits: "", diagram: "",
    sweep: .count("size", [1], smoke: 1),
    metric: .percentile(99, of: "latency", unit: .nanoseconds),
    tolerates: Set(Disturbance.allCases), work: { _ in Work() },
    variants: [
      variant("before", factor: 1, observations),
      variant("after", factor: 0.5, inCandidate ?? observations),
    ])
}
