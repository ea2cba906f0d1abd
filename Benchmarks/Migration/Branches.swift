import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// Developers whose changes meet.
  static let branches = Experiment(
    id: "migration/branches",
    title: "Work on branches: merged when done → merged daily",
    slot: "migration/services/readiness",
    claim: """
      Merging daily in place of after ten days saves a quarter of a month's conflicts, where a \
      count of files that are all alike promises nine tenths: most conflicts are in the few \
      files that everybody changes every day, and only splitting these files takes them away.
      """,
    mechanism: """
      Eight developers change ten files a day, by Zipf over 2,000 files: the file of rank r with \
      a share in proportion to 1 ÷ r. Of two that merge, the second one has a conflict in each \
      file that both have changed. A branch of d days has changed a file with 1 − e^(−10 d p), \
      and so has each of the seven others, so that a pair meets in Σ (1 − e^(−10 d p))² files: \
      about d² times a day's while files are rarely changed twice, and once per file and not per \
      change where they often are. There are 1 ÷ d as many merges. Were all files alike, p would \
      be 1 ÷ 2,000 in the same formula: stands below.
      """,
    limits: """
      Two changes of one file are a conflict here; of lines it is one in some. What merges \
      without a conflict and does not work together is not seen at all, and long branches have \
      more of it. Merging daily what is not finished needs switches, which are code and have to \
      be removed again. Published shares of files are steeper than Zipf in some histories: count \
      your own (`git log --name-only`).
      """,
    diagram: """
      flowchart LR
        subgraph before["when done: {merged when done}"]
          direction LR
          a0["8 branches"] -- "{point}" --> m0["merge"]
        end
        subgraph after["daily: {merged daily}"]
          direction LR
          a1["8 branches"] -- "1 day" --> m1["merge"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("days", [2, 5, 10], smoke: 5, label: { "\($0) days" }),
    metric: .reported("conflicts a month", unit: .count, lowerIsBetter: true),
    signals: ["if all files were alike"],
    work: { _ in Work(elements: Double(days), each: "day") },
    variants: [
      variant("merged when done", isDaily: false), variant("merged daily", isDaily: true),
    ],
    uncertain: [exponent],
    model: { question in
      let length = question.isBaseline ? Double(question.value) : 1
      let met = popularity.shares.reduce(0) { sum, share in
        let changed = 1 - exp(-Double(filesPerDay) * length * share)
        return sum + changed * changed
      }
      let merges = 20 / length * Double(developers)
      return Model(
        Ratio.exactly(merges * Double(developers - 1) / 2 * met).named(
          "pairs of merges × files in both"),
        per: .metric)
    })
}

private let (developers, filesPerDay, files) = (8, 10, 2_000)
/// Of a replication: whole cycles of every length.
private let days = Releases.areFew ? 40 : 400

private let exponent = UncertainInput("exponent of the files' law", 1, in: 0.6...1.6)
private let popularity = ZipfRanks(files)

private func variant(_ name: String, isDaily: Bool) -> Variant {
  Variant(simulated: name, shows: ["conflicts"]) { point in
    var random = SeededGenerator(seed: point.seed)
    let length = isDaily ? 1 : point.value
    let popularity =
      point[exponent] == exponent.estimate
      ? popularity : ZipfRanks(files, exponent: point[exponent])
    let changes = (0..<days * developers).map { _ in
      (0..<filesPerDay).map { _ in popularity.rank(random.share()) }
    }
    let found = conflicts(changes, length: length) * 20 / Double(days)
    let alike = 1 - exp(-Double(filesPerDay * length) / Double(files))
    return Replication(
      offered: random.next(),
      figures: [
        "conflicts a month": .count(max(found, 0.01)),
        "if all files were alike": .count(
          10 / Double(length) * Double(developers * (developers - 1)) * Double(files) * alike
            * alike),
      ])
  }
}

/// Branches of one length: each merges in the end what it has changed, against what the others have.
private func conflicts(_ changes: [[Int]], length: Int) -> Double {
  var count = 0
  for first in stride(from: 0, to: days, by: length) {
    let branches = (0..<developers).map { developer in
      Set((first..<first + length).flatMap { changes[$0 * developers + developer] })
    }
    for own in branches.indices {
      for other in branches.indices where other > own {
        count += branches[own].intersection(branches[other]).count
      }
    }
  }
  return Double(count)
}
