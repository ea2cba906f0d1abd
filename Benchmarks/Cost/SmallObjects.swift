import Harness
import Results

extension Experiment {
  /// Objects below the minimum that a cold class bills.
  static let smallObjects = Experiment(
    cost: "small-objects", "storage/lifecycle",
    title: "A terabyte of old objects: standard class → infrequent access",
    claim: """
      Moved one by one, objects below about 80 KB cost more in the infrequent-access class than in \
      the standard class; packed into large ones they always save.
      """,
    mechanism: """
      The cold class bills 128 KiB at least for each object, and each object pays a transition. Half \
      the price of storage for twice the bytes is no saving: the break-even is the minimum times the \
      ratio of the prices, and above that by what the transition adds over the time that the object \
      is kept. Packing objects into one of 64 MiB removes both; an index of their places is needed.
      """,
    limits: """
      Packing costs programming, and deleting one object of a pack means writing it anew. Reading \
      one object out of a pack is a ranged read at the price of a read. What is read often does not \
      belong in a cold class at any size.
      """,
    diagram: """
      flowchart LR
        subgraph before["standard: {standard}"]
          o0["objects of {point}"] --> b0["their bytes"]
        end
        subgraph after["moved one by one: {moved one by one}"]
          o1["objects of {point}"] --> t1["a transition each"] --> b1["at least 128 KiB each"]
        end
        packed["packed: {packed}"]
        before -- "{speedup}" --> after
      """,
    sweep: .bytes(
      "object size", [4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 16 << 20], smoke: 64 << 10),
    rule: RuleOfThumb(
      "never move objects below 128 KB", breakEven: 128 * 1024,
      source: "provider's default since September 2024, S3 lifecycle documentation"),
    options: [
      option("standard", code: "standard", bill: standard),
      option("packed", code: "cold", bill: { _, _ throws(MissingNumber) in try cold(64 * 0x1p20) }),
      option(
        "moved one by one", code: "cold", bill: { size, _ throws(MissingNumber) in try cold(size) }),
    ])
}

private let bytes = 0x1p40
private let months = Ratio.assumed("months that an object is kept", 24, in: 6...84)

private func standard(_ size: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try Provider.aws.price("storage.standard") * Size.exactly(bytes).kept
}

/// The transition is spread over the months that an object is kept.
private func cold(_ size: Double) throws(MissingNumber) -> Bill {
  let billed = max(size, try Provider.aws.minimum("storage.infrequent").bytes)
  let kept = Size.exactly(bytes * billed / size).kept
  let moved = Term<Requests>(.exactly(bytes / size) / months)
  let reads = Term<Requests>(
    Ratio.assumed("reads of an object in a month", 0.05, in: 0...0.2) * .exactly(bytes / size))
  let read = Term<Gigabytes>(reads.count * .exactly(size * 0x1p-30))
  return (try Provider.aws.price("storage.infrequent") * kept).named("storage")
    + (try Provider.aws.price("storage.infrequent.transition") * moved).named("transitions")
    + (try Provider.aws.price("storage.infrequent.get") * reads).named("requests")
    + (try Provider.aws.price("storage.infrequent.retrieval") * read).named("retrieval")
}
