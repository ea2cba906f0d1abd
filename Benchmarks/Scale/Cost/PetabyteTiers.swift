import Harness
import Prices
import Results

extension Experiment {
  /// A petabyte of objects, most of which nobody reads any more.
  static let petabyteTiers = Experiment(
    id: "scale/petabyte-tiers",
    title: "A petabyte in one tier → by age, or by age and access",
    slot: "scale/100m/cost",
    claim: """
      Moving what is older than 90 days to the instant archive cuts the bill of a petabyte of \
      objects of a megabyte to two fifths, and saves nothing where objects have 64 KiB: there are 17 \
      billion of them, each is billed as 128 KiB, and moving them costs as much as fourteen months of \
      the standard class.
      """,
    mechanism: """
      An archive charges a fifth of the price of keeping, and in return a minimum per object, a fee \
      for each object that is moved, and for each that is read. The first falls with the bytes, the \
      others with the count: bytes ÷ size. Tiering by access has no fee for reading and keeps what is \
      read in the standard class; it charges for watching each object every month, which for small \
      ones is more than their storage.
      """,
    limits: """
      Small objects are to be packed before they are moved (cost/small-objects). Who deletes within \
      90 days pays for 90. Prices are the list's; a petabyte is negotiated. A query over the archive \
      reads everything once: at 3 cents per GiB that is 30,000 dollars.
      """,
    diagram: """
      flowchart LR
        subgraph before["one tier: {one tier}"]
          o0["1 PiB of {point}"] --> s0["standard"]
        end
        access["by age and access: {by age and access}"]
        subgraph after["by age: {by age}"]
          o1["1 PiB of {point}"] --> s1["standard: 90 days"] -- "a fee each" --> i1["instant archive"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes(
      "object size", [64 << 10, 256 << 10, 1 << 20, 8 << 20, 64 << 20], smoke: 1 << 20),
    metric: .dollars("cost"),
    work: { _ in Work(elements: 1, each: "month") },
    variants: [
      tiers("one tier", "oneTier", oneTier),
      tiers("by age and access", "byAccess", byAccess), tiers("by age", "byAge", byAge),
    ],
    rule: RuleOfThumb(
      "move what nobody has read for 90 days: it saves two thirds of its storage",
      source: "provider's description of the storage classes"),
    headline: DeclaredHeadline(value: 1 << 20, variant: "by age"))
}

private let bytes = Size.exactly(0x1p50)
private let old = Ratio.assumed("share of bytes older than 90 days", 0.8, in: 0.6...0.95)
private let read = Ratio.assumed("share of the old objects read in a month", 0.02, in: 0.002...0.1)
private let months = Ratio.assumed("months that an object is kept", 36, in: 12...84)

private func count(_ share: Ratio, _ size: Double) -> Term<Requests> {
  Term<Requests>(bytes.value / size * share)
}

private func oneTier(_ size: Double) throws(MissingNumber) -> Bill {
  (try Provider.aws.price("storage.standard") * bytes.kept).named("storage")
    + (try Provider.aws.price("storage.standard.get") * count(read * old, size)).named("reads")
}

private func byAge(_ size: Double) throws(MissingNumber) -> Bill {
  let billed = max(1, (try Provider.aws.minimum("storage.instant").bytes) / size)
  let young = try Provider.aws.price("storage.standard") * ((1 - old) * bytes).kept
  let kept = try Provider.aws.price("storage.instant") * (billed * (old * bytes)).kept
  let moved =
    try Provider.aws.price("storage.instant.transition") * count(.exactly(1) / months, size)
  let reads =
    try Provider.aws.price("storage.instant.retrieval") * (read * (old * bytes)).moved
    + Provider.aws.price("storage.instant.get") * count(read * old, size)
  return young.named("young objects") + kept.named("archive") + moved.named("transitions")
    + reads.named("reads of the archive")
}

/// What is watched and was not read lies in a tier of the instant archive's price.
private func byAccess(_ size: Double) throws(MissingNumber) -> Bill {
  let warm = 1 - old * (1 - read)
  let watched = try Provider.aws.price("storage.intelligent.object") * count(.exactly(1), size)
  // Below this size nothing is watched, and all stays warm.
  guard size >= 131_072 else { return try oneTier(size) }
  return (try Provider.aws.price("storage.standard") * (warm * bytes).kept).named("warm tier")
    + (try Provider.aws.price("storage.instant") * ((old * (1 - read)) * bytes).kept)
    .named("tier of what nobody reads") + watched.named("watching")
    + (try Provider.aws.price("storage.standard.get") * count(read * old, size)).named("reads")
}

private func tiers(
  _ name: String, _ code: String,
  _ bill: @escaping @Sendable (Double) throws(MissingNumber) -> Bill
) -> Variant {
  Variant(computed: name, shows: [code]) { question throws(MissingNumber) in
    Computation(try bill(Double(question.value)))
  }
}
