import Harness
import Results
import Statistics

extension Experiment {
  /// A function that is rarely called: let it go cold, or keep one instance there.
  static let coldStart = Experiment(
    cost: "cold-start", "compute/serverless",
    title: "A rarely called function: scaled to zero → an instance kept",
    claim: """
      Keeping an instance of a function pays only in a band of some calls an hour: with fewer, cold \
      starts are too rare to matter, and with more, the calls themselves keep it warm.
      """,
    mechanism: """
      A platform keeps an instance for some minutes after a call. With calls at random the share that \
      comes later than that is e⁻ʳᵗ. Cold starts in a month are the calls times that share: few at \
      one call an hour, most at a call per time kept, none at hundreds. A provisioned instance costs \
      the same all month. A call every few minutes only to keep the function warm costs cents, and \
      does the same as long as no two calls come together.
      """,
    limits: """
      Two calls at once need two instances, and the second one starts cold in each option. Real calls \
      come in bursts, with longer pauses between them than computed. What a slow answer costs is an \
      assumption, and decides most. A binary that starts in milliseconds needs none of this.
      """,
    diagram: """
      flowchart LR
        subgraph before["scaled to zero: {scaled to zero}"]
          c0["{point}"] -- "after a pause" --> s0["cold start"] --> f0["function"]
        end
        subgraph after["provisioned: {provisioned}"]
          c1["{point}"] --> f1["instance, all month"]
        end
        pinged["called to keep it warm: {called to keep it warm}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "calls per hour", [1, 2, 5, 10, 20, 60, 600], smoke: 5, label: { "\($0) calls/h" }),
    rule: RuleOfThumb(
      "provision what users wait for", source: "provider's documentation of functions"),
    options: [
      option("scaled to zero", code: "zero", "called", bill: zero),
      option("called to keep it warm", code: "pinged", bill: pinged),
      option("provisioned", code: "provisioned", bill: provisioned),
    ])
}

private let gigabytes = 0.5

private func called(
  _ count: Ratio, seconds: Ratio, _ price: String
) throws(MissingNumber) -> Bill {
  let used = Term<GigabyteSeconds>(count * seconds * .exactly(gigabytes))
  return try Provider.aws.price("function.request") * Term<Requests>(count)
    + Provider.aws.price(price) * used
}

private let work = Ratio.assumed("seconds of a call", 0.1, in: 0.02...0.5)

/// Fixed at ten minutes in 2020 (Shahrad and others, Serverless in the Wild, USENIX ATC 2020).
private func zero(_ hourly: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let minutes = Ratio.assumed("minutes that an instance is kept", 10, in: 5...45)
  let share = Ratio.function("share of cold calls", of: minutes) {
    exponential(-hourly * $0 / 60)
  }
  let cold = (730 * hourly) * share
  let start = Ratio.assumed("seconds of a cold start", 0.8, in: 0.2...4)
  let lost = Term<Dollars>.assumed("what a slow answer costs", 0.005, in: 0.0005...0.05)
  return try called(.exactly(730 * hourly), seconds: work, "function.duration.arm").named("calls")
    + called(cold, seconds: start, "function.duration.arm").named("cold starts")
    + lost.times(cold).named("slow answers")
}

private func pinged(_ hourly: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let pings = Ratio.exactly(730 * 12)
  return try called(.exactly(730 * hourly), seconds: work, "function.duration.arm").named("calls")
    + called(pings, seconds: .exactly(0.001), "function.duration.arm").named("calls to keep warm")
}

private func provisioned(_ hourly: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let month = Term<GigabyteSeconds>.exactly(730 * 3600 * gigabytes)
  return try called(
    .exactly(730 * hourly), seconds: work, "function.provisioned.duration.arm"
  ).named("calls") + (Provider.aws.price("function.provisioned.arm") * month).named("instance")
}
