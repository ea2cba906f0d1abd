import Harness
import Results
import Statistics

extension Experiment {
  /// How a person's data are erased from what cannot be changed in place.
  static let erasure = Experiment(
    cost: "erasure", "operations/compliance",
    title: "Erasing a person's data from an archive: rewrite → throw the key away",
    claim: """
      A key for each person that is thrown away costs less than scanning and rewriting files, as long \
      as a person's data are read no more than some times a month.
      """,
    mechanism: """
      A person's rows lie in many files, each of which has to be read and written anew for one of \
      them; a scan finds them, and a batch shares it. With the data encrypted under a key of the \
      person, erasing is deleting one row of a table. That costs a key's look-up at each read of the \
      person's data, month after month, whether somebody asks for erasure or not.
      """,
    limits: """
      Encrypted columns compress badly and can't be filtered by their values: encrypt what identifies \
      a person and leave the rest. Whether a lost key is erasure is for a lawyer. Copies and caches \
      of what was decrypted must be found all the same.
      """,
    diagram: """
      flowchart LR
        subgraph before["rewrite: {rewrite}"]
          q0["a request"] --> s0["scan"] --> w0["files written anew"]
        end
        subgraph after["keys: {keys}"]
          q1["a request"] --> k1["a key is deleted"]
          r1["{point}"] -- "look-up" --> k1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "reads of a person's data in a month", [1, 3, 10, 30, 100, 1_000], smoke: 10,
      label: { "\($0) reads" }),
    options: [
      option("rewrite", code: "rewritten", bill: rewritten),
      option("keys", code: "keyed", bill: keyed),
    ])
}

/// Twenty terabytes in files of 256 MB.
private let archive = 20.0
private let files = archive * 0x1p40 / 256e6

/// One scan for all requests of the month; a file is written anew once, however many of them it holds.
private func rewritten(_ reads: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let requests = Ratio.assumed("requests for erasure in a month", 30, in: 3...1_000)
  let spread = Ratio.assumed("files that hold a person's data", 200, in: 20...2_000)
  let column = Ratio.assumed("share of the bytes that finding a person reads", 0.05, in: 0.01...0.3)
  let touched = Ratio.function("files touched", of: requests * spread) {
    files * (1 - exponential(-$0 / files))
  }
  let scan =
    try Provider.aws.price("query.scanned") * Term<Terabytes>(.exactly(archive) * column)
  let each = Time.assumed("CPU to rewrite a file", 10e9, in: 4e9...40e9)
  let writes = try Provider.aws.price("storage.standard.put") * Term<Requests>(touched)
  return scan.named("scan") + (try cores(touched * each)).named("rewriting")
    + writes.named("requests")
}

private func keyed(_ reads: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let people = Ratio.assumed("people, in millions", 5, in: 1...20)
  let kept = people * .exactly(1e6 * 150 * 0x1p-30)
  let lookups = Term<Requests>(.exactly(1e6) * people * .exactly(reads))
  return (try Provider.aws.price("database.storage") * Term<GigabyteMonths>(kept))
    .named("keys")
    + (try Provider.aws.price("table.read") * lookups).named("look-ups")
}
