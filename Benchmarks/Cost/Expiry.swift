import Harness
import Results

extension Experiment {
  /// Whether data that will be deleted is worth moving first.
  static let expiry = Experiment(
    cost: "expiry", "storage/lifecycle",
    title: "A terabyte a month that is deleted later: keep in place → move after 30 days",
    claim: """
      Moving data to a cold class pays only if they live for months afterwards: a transition, and 90 \
      days at least, are charged even if the data are deleted the next week.
      """,
    mechanism: """
      What is moved after 30 days pays a transition per object and the cold class for at least 90 \
      days. What is kept in place pays the standard class until it is deleted. The break-even life \
      is 30 days and the time in which the standard class costs as much as both. With small objects \
      the transition dominates, so that a lifecycle rule can cost more than it saves.
      """,
    limits: """
      What expires early needs a rule that deletes it, and no rule that moves it. Reads from the cold \
      class cost extra. The steady state is computed: as much is deleted as arrives.
      """,
    diagram: """
      flowchart LR
        subgraph before["keep in place: {keep in place}"]
          a0["written"] --> k0["standard"] --> d0["deleted after {point}"]
        end
        subgraph after["move: {move}"]
          a1["written"] --> k1["standard, 30 days"] --> c1["cold, at least 90 days"] --> d1["deleted"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "life of the data", [45, 60, 90, 120, 180, 365, 730], smoke: 90, label: { "\($0) days" }),
    rule: RuleOfThumb(
      "move to a cold class what is older than 30 days", breakEven: 30,
      source: "the example of most lifecycle tutorials"),
    options: [
      option("keep in place", code: "kept", bill: kept),
      option("move", code: "moved", bill: moved),
    ])
}

private let arriving = 0x1p40
private let size = Size.assumed("size of an object", 2e6, in: 0.5e6...16e6)

/// Bytes that are there at any time, of what arrives in a month and stays for so many days.
private func staying(_ days: Double) -> Term<GigabyteMonths> {
  Size.exactly(arriving * days / 30.4).kept
}

private func kept(_ days: Double, _ question: Question) throws(MissingNumber) -> Bill {
  (try Provider.aws.price("storage.standard") * staying(days)).named("standard")
}

private func moved(_ days: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let first = try Provider.aws.price("storage.standard") * staying(min(days, 30))
  if days <= 30 { return first.named("standard") }
  let least = try Provider.aws.minimum("storage.instant").days
  let cold = try Provider.aws.price("storage.instant") * staying(max(days - 30, least))
  let objects = Term<Requests>(Size.exactly(arriving) / size)
  let moving = try Provider.aws.price("storage.instant.transition") * objects
  return first.named("standard") + cold.named("cold class") + moving.named("transitions")
}
