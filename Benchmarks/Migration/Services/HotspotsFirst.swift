import CitedData
import Harness
import Results
import Simulation

extension Experiment {
  /// Which files to clean up first.
  static let hotspotsFirst = Experiment(
    id: "migration/hotspots-first",
    title: "Files to clean up: largest first → most changed lately × size",
    slot: "migration/services/debt",
    claim: """
      Half of what this project's unwieldy files will cost in its next third is in a tenth of its \
      lines, and the last fifty commits show where; counted over all commits before, changes \
      point to where the work has been and no longer is, and are no better than taking the \
      largest files first.
      """,
    mechanism: """
      Each change of a file costs in proportion to its lines: that is the interest, and a rewrite \
      costs in proportion to its lines too. perflab's history of 561 commits is cut in two: from \
      the first 374 the order of its 561 files is made (a score of changes × lines, Tornhill, \
      *Your Code as a Crime Scene*, 2015), and the next 187 are the interest that is then saved. \
      Counted is how much has to be rewritten, in that order, until half of that interest is \
      gone. {point} are counted for the score. The changes to come are drawn anew for each \
      replication, by Poisson, with their mean in the history.
      """,
    limits: """
      One project, six days and one style of work: young code moves on quickly, and in an old \
      system a year may be what fifty commits are here. Run the same on your own history (`git \
      log --name-only`) before you believe it. Lines stand for complexity, with which they go \
      together in most studies. Commits of more than 60 files (formats, renames) are left out. \
      What nobody dares to touch has no changes, and is not cheap for that.
      """,
    diagram: """
      flowchart LR
        subgraph before["largest first: {largest first}"]
          direction LR
          f0["files"] -- "by lines" --> r0["rewritten"]
        end
        asked["as they come up: {as they come up}"]
        subgraph after["hotspots first: {hotspots first}"]
          direction LR
          f1["files"] -- "changes × lines, {point}" --> r1["rewritten"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .named("changes counted", ["the last 50 commits", "the last 150", "all 374"], smoke: 0),
    metric: .share("lines rewritten until half of the interest is gone", lowerIsBetter: true),
    signals: ["files rewritten"],
    work: { _ in Work(elements: Double(files.count), each: "file") },
    variants: [
      variant("largest first", shows: "largestFirst", largestFirst),
      variant("as they come up", shows: "asTheyComeUp", isReference: true, asTheyComeUp),
      variant("hotspots first", shows: "hotspots", hotspots),
    ],
    noUncertainty: """
      The history is this project's own, counted; what is drawn is only when its changes come.
      """,
    headline: DeclaredHeadline(value: 0, variant: "hotspots first"),
    model: { question in
      let order: [Int]
      switch question.variant {
      case "as they come up":
        return Model(Term<Percent>.exactly(50).named("half of it"), per: .metric)
      case "largest first": order = sorted { Double(files[$0].lines) }
      default: order = sorted { score($0, question.value) }
      }
      // If the future were as what is counted of the past.
      let interest = files.indices.map {
        Double(changes($0, question.value) * files[$0].lines)
      }
      return Model(
        Term<Percent>.exactly(100 * rewritten(order, interest).share).named(
          "if changes went on as before"), per: .metric)
    })
}

private let files = FileChanges.perflab

private func changes(_ file: Int, _ window: Int) -> Int {
  [files[file].recent, files[file].middle, files[file].all][window]
}

private func score(_ file: Int, _ window: Int) -> Double {
  Double(changes(file, window) * files[file].lines)
}

/// The highest first; of equal ones the first.
private func sorted(_ value: (Int) -> Double) -> [Int] {
  let values = files.indices.map(value)
  return files.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
}

/// Files in an order, from what is known at a value of the axis.
private typealias Order = @Sendable (_ window: Int, inout RandomStream) -> [Int]

private func largestFirst(_ window: Int, _ random: inout RandomStream) -> [Int] {
  sorted { Double(files[$0].lines) }
}

/// Nobody has looked at the history: any order is as likely.
private func asTheyComeUp(_ window: Int, _ random: inout RandomStream) -> [Int] {
  let places = files.indices.map { _ in random.uniform() }
  return sorted { places[$0] }
}

private func hotspots(_ window: Int, _ random: inout RandomStream) -> [Int] {
  sorted { score($0, window) }
}

/// What has to be rewritten until half of the interest is gone.
private func rewritten(_ order: [Int], _ interest: [Double]) -> (share: Double, files: Int) {
  let half = interest.reduce(0, +) / 2
  var (gone, lines, count) = (0.0, 0, 0)
  for file in order where gone < half {
    gone += interest[file]
    lines += files[file].lines
    count += 1
  }
  return (Double(lines) / Double(files.reduce(0) { $0 + $1.lines }), count)
}

private func variant(
  _ name: String, shows: String, isReference: Bool = false, _ order: @escaping Order
) -> Variant {
  Variant(simulated: name, isReference: isReference, shows: [shows]) { point in
    var future = RandomStream(seed: point.seed, "future")
    var chance = RandomStream(seed: point.seed, "order")
    let rounds = Releases.areFew ? 2 : 20
    var (share, count) = (0.0, 0)
    for _ in 0..<rounds {
      let interest = files.map { file in
        file.future == 0
          ? 0 : Double(future.poisson(mean: Double(file.future)) * file.lines)
      }
      let found = rewritten(order(point.value, &chance), interest)
      share += found.share / Double(rounds)
      count += found.files
    }
    return Replication(
      offered: UInt64(future.index(below: 1 << 30)),
      figures: [
        "lines rewritten until half of the interest is gone": .share(share),
        "files rewritten": .count(Double(count) / Double(rounds)),
      ])
  }
}
