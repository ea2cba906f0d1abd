import Harness
import Results

extension Experiment {
  /// What a continuous integration builds and tests at each change.
  static let ciMinutes = Experiment(
    cost: "ci-minutes", "operations/automation",
    title:
      "Continuous integration: everything at each change → what a change affects, from a cache",
    claim: """
      From some ten changes a day on it pays to test what a change affects alone; nearly all of that \
      is the time of people who wait, and not the price of the minutes.
      """,
    mechanism: """
      A full run takes the same time whatever was changed. A build graph knows what depends on a \
      change, and a cache has the rest. What is left is the share of the repository that a change \
      affects, and a fixed part: checking out, loading the cache. A minute of a hosted machine costs \
      a cent; a minute for which somebody waits costs more than a dollar, though not every minute of \
      a run is one for which somebody waits. Graph and cache have to be kept right.
      """,
    limits: """
      A graph that misses a dependency lets a broken change through; a full run each night finds it a \
      day late. One module that everything depends on makes every change affect everything: the \
      share of the build that a change affects is a property of the code. Faster machines buy the \
      same time without a graph.
      """,
    diagram: """
      flowchart LR
        subgraph before["everything: {everything}"]
          c0["{point}"] --> f0["full run"] --> w0["people wait"]
        end
        subgraph after["affected: {affected}"]
          c1["{point}"] --> g1["build graph, cache"] --> a1["what depends on it"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "changes a day", [1, 3, 10, 30, 100, 300], smoke: 10,
      label: { $0 == 1 ? "1 change a day" : "\($0) changes a day" }),
    rule: RuleOfThumb(
      "a build longer than ten minutes is too long",
      source: "Fowler, Continuous Integration, 2006: the ten-minute build"),
    options: [
      option(
        "everything", code: "runs",
        bill: { changes, _ throws(MissingNumber) in runs(changes, .exactly(1)) }),
      option("affected", code: "affected", "runs", bill: affected),
    ])
}

private let fullMinutes = Ratio.assumed("minutes of a full run", 15, in: 5...60)

private func runs(_ changes: Double, _ share: Ratio) -> Bill {
  let minutes = (21 * changes) * (fullMinutes * share)
  let price = Term<Dollars>.assumed("a minute of a hosted machine", 0.008, in: 0.004...0.02)
  let waiting = Ratio.assumed("share of a run for which somebody waits", 0.2, in: 0.05...0.6)
  return price.times(minutes).named("machines")
    + developers(minutes * waiting / .exactly(60)).named("people who wait")
}

private func affected(_ changes: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let share = Ratio.assumed("share of the run that a change affects", 0.25, in: 0.08...0.7)
  let fixed = Ratio.assumed("share of a run that is always there", 0.1, in: 0.03...0.25)
  let upkeep = Ratio.assumed("hours a month for graph and cache", 6, in: 2...20)
  return runs(changes, shortest(share + fixed, .exactly(1)))
    + developers(upkeep).named("graph and cache")
}
