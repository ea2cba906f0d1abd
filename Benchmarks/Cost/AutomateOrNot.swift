import Harness
import Results

extension Experiment {
  /// A task that is done by hand, and the script that would do it.
  static let automateOrNot = Experiment(
    cost: "automate-or-not", "operations/automation",
    title: "A task of half an hour: by hand → automated",
    claim: """
      A script for a task of half an hour pays only if the task comes more than a few times a month, \
      several times as often as the time that it saves suggests.
      """,
    mechanism: """
      The usual table compares the time to write a script with the time that the task takes over \
      five years. It leaves out that a script breaks when what it calls changes, that some cases \
      still need a hand, that somebody must still know how, and that the task or the system ends \
      earlier. The net present value discounts each month by the chance that it still matters.
      """,
    limits: """
      A task that is done by hand is done differently each time, and what that costs is not counted; \
      nor is that people would rather not do it. A task that must be quick at night has another \
      price: see cost/downtime.
      """,
    diagram: """
      flowchart LR
        subgraph before["by hand: {by hand}"]
          t0["{point}"] --> p0["half an hour each"]
        end
        subgraph after["automated: {automated}"]
          b1["written once"] --> s1["script"] -- "{point}" --> r1["some by hand"]
          s1 -.- m1["breaks, is repaired"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "times in a month", [1, 2, 4, 8, 16, 60, 250], smoke: 4, label: { "\($0) times" }),
    rule: RuleOfThumb(
      "automate what takes longer in five years than the script", breakEven: 1.33,
      source: "Munroe, xkcd 1205, Is It Worth the Time?: 40 hours ÷ 60 months ÷ half an hour"),
    options: [
      option(
        "by hand", code: "byHand",
        bill: { times, _ throws(MissingNumber) in
          byHand(.exactly(times))
        }),
      option("automated", code: "automated", bill: automated),
    ])
}

private func byHand(_ times: Ratio) -> Bill {
  let each = Ratio.assumed("hours of the task", 0.5, in: 0.25...1)
  return developers(times * each).named("by hand")
}

/// What writing costs, as a payment in each month in which the script matters: discounted by the
/// chance that it still does, and by interest.
private func automated(_ times: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let writing = Ratio.assumed("hours to write the script", 40, in: 16...120)
  let survives = Ratio.assumed(
    "chance that the task is still there a year later", 0.8, in: 0.5...0.95)
  let months = Ratio.function("months that count", of: survives) { yearly in
    let monthly = root12(yearly / 1.08)
    var (sum, left) = (0.0, 1.0)
    for _ in 0..<60 {
      left *= monthly
      sum += left
    }
    return sum
  }
  let repair = Ratio.assumed("hours of repair in a month", 0.7, in: 0.2...3)
  let rest = Ratio.assumed("share that still needs a hand", 0.1, in: 0.02...0.3)
  return developers(writing / months).named("writing, spread") + developers(repair).named("repair")
    + byHand(rest * .exactly(times))
}

/// The twelfth root, by Newton's method.
private func root12(_ value: Double) -> Double {
  var root = 1.0
  for _ in 0..<40 {
    var power = 1.0
    for _ in 0..<11 { power *= root }
    root -= (power * root - value) / (12 * power)
  }
  return root
}
