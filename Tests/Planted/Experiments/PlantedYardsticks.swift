import Harness
import Results

/// Experiments with a peer, of a library that tests build, and a limit.
let plantedYardsticks = [
  compared("planted/compared", "planted_spin"),
  // Of another version of the library.
  compared("planted/older-peer", "planted_twist"),
  compared("planted/wrong-peer", "planted_slip"),
]

/// Rates of 10 and 40, of a peer of 50 and a limit of 80.
private func compared(_ id: String, _ function: String) -> Experiment {
  let report: @Sendable (Double) -> [String: Counter] = { rate in
    ["rate": Counter(rate, unit: .bytesPerSecond)]
  }
  return Experiment(
    id: id, title: id, slot: "none", claim: "", mechanism: "", limits: "", diagram: "",
    sweep: .count("size", [1], smoke: 1),
    metric: .reported("rate", unit: .bytesPerSecond, lowerIsBetter: false),
    tolerates: Set(Disturbance.allCases), work: { _ in Work() },
    variants: [
      Variant("before", shows: [], prepare: { _ in 10.0 }, report: report) { _ in mixed(2_000) },
      Variant("after", shows: [], prepare: { _ in 40.0 }, report: report) { _ in mixed(2_000) },
      Variant(
        "peer", peer: Peer(PeerLibrary("planted", title: "Planted"), function),
        prepare: { _, functions in
          (rate: 50.0, mixed: functions(function, as: (@convention(c) (Int) -> UInt64).self))
        },
        report: { report($0.rate) }, run: { $0.mixed(2_000) }),
      // It does less, so that its result is another.
      Variant(
        limit: "limit", prepare: { _ in 80.0 }, report: report, run: { _ in mixed(1_000) }),
    ],
    model: { _ in Model(Ratio.exactly(1), per: .relative) })
}

/// Dependent arithmetic, as in the library.
@inline(never)
private func mixed(_ rounds: Int) -> UInt64 {
  var state: UInt64 = 1
  for _ in 0..<rounds { state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
  return state
}
