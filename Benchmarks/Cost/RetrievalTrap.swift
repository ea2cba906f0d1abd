import Harness
import Results

extension Experiment {
  /// What is read from a cold class costs more than it saved.
  static let retrievalTrap = Experiment(
    cost: "retrieval-trap", "storage/tiers",
    title: "An archive that is read: standard class → the coldest class",
    claim: """
      A cold storage class is cheaper only while a small part of it is read in a month, and the \
      limit falls with the size of the objects, since every restored object pays a request.
      """,
    mechanism: """
      A cold class trades the price of keeping for prices of reading: per gigabyte and per request. \
      For large objects the break-even is the difference of the storage prices over the retrieval \
      price. For objects of a megabyte the requests cost as much as the bytes. The classes with \
      instant access charge a minimum of 90 days, which what is deleted earlier pays all the same.
      """,
    limits: """
      The hours until a restored object can be read have no price here. A restored copy is kept in \
      the standard class for some days, which is not counted. Bulk retrieval is cheaper and slower.
      """,
    diagram: """
      flowchart LR
        subgraph before["standard: {standard}"]
          w0["10 TB"] --> s0["storage"] --> r0["reads: requests"]
        end
        subgraph after["deep archive: {deep archive}"]
          w1["10 TB"] --> s1["storage"] --> q1["restore request"] --> r1["retrieval per GB"]
        end
        instant["instant retrieval: {instant retrieval}"]
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count(
      "share read in a month", [1, 3, 10, 30, 100, 300], smoke: 10, label: { "\($0) %" }),
    rule: RuleOfThumb(
      "instant retrieval for what is read once a quarter, deep archive for once a year",
      breakEven: 100.0 / 12, source: "provider's description of the storage classes"),
    options: [
      option("standard", code: "standard", bill: standard),
      option("instant retrieval", code: "cold", bill: instant),
      option("deep archive", code: "cold", bill: deep),
    ])
}

private let stored = Term<GigabyteMonths>.exactly(10 * 1024)
private let objectSize = Size.assumed("size of an object", 4e6, in: 1e6...64e6)

private func objects(read percent: Double) -> Term<Requests> {
  Term<Requests>(percent / 100 * (Size.exactly(10 * 0x1p40) / objectSize))
}

private func standard(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let keeping = try Provider.aws.price("storage.standard") * stored
  let reading = try Provider.aws.price("storage.standard.get") * objects(read: percent)
  return keeping.named("storage") + reading.named("requests")
}

private func instant(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try cold("instant", "get", percent)
}

private func deep(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try cold("deep", "restore", percent)
}

private func cold(
  _ name: String, _ request: String, _ percent: Double
) throws(MissingNumber) -> Bill {
  let read = Term<Gigabytes>.exactly(percent / 100 * 10 * 1024)
  let keeping = try Provider.aws.price("storage.\(name)") * stored
  let bytes = try Provider.aws.price("storage.\(name).retrieval") * read
  let requests =
    try Provider.aws.price("storage.\(name).\(request)") * objects(read: percent)
  return keeping.named("storage") + bytes.named("retrieval") + requests.named("requests")
}
