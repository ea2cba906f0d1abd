import Harness
import Results

extension Experiment {
  /// Records too small for a codec, and a dictionary for them.
  static let smallRecordDictionary = Experiment(
    cost: "small-record-dictionary", "storage/compression",
    title: "A billion small records: plain → compressed with a trained dictionary",
    claim: """
      Records of some hundred bytes compress well only with a trained dictionary, and in a database \
      that is paid by the gigabyte that pays unless each record is read hundreds of times a month.
      """,
    mechanism: """
      A codec finds what repeats, and within one small record little does. A dictionary holds what \
      the records have in common, and costs nothing to look up. Storage of a database is ten times \
      as expensive as that of objects, so that the bytes saved pay for many decompressions.
      """,
    limits: """
      Writer and readers need the same dictionary for as long as records of it exist: keep all \
      versions. Records that change their form need a new one. Decompression is taken to be as slow \
      as compression, which is the upper bound for zstd. Databases with compressed pages do better \
      than either.
      """,
    diagram: """
      flowchart LR
        subgraph before["plain: {plain}"]
          r0["record"] --> d0["database"]
        end
        subgraph after["with a dictionary: {with a dictionary}"]
          r1["record"] --> c1["zstd"] --> d1["database"]
          t1["dictionary, trained once"] --> c1
        end
        alone["each by itself: {each by itself}"]
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count(
      "reads of a record in a month", [1, 10, 100, 1_000, 10_000, 100_000], smoke: 100),
    options: [
      option("plain", code: "stored", bill: plain),
      option("each by itself", code: "compressed", bill: alone),
      option("with a dictionary", code: "compressed", bill: trained),
    ])
}

private let records = 1e9
private let bytes = Size.exactly(300 * records)

private func stored(_ bytes: Size) throws(MissingNumber) -> Bill {
  (try Provider.aws.price("database.storage") * bytes.kept).named("storage")
}

private func plain(_ reads: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try stored(bytes)
}

private func alone(_ reads: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try compressed("codec.record", reads, question)
}

private func trained(_ reads: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try compressed("codec.record.dictionary", reads, question)
}

private func compressed(
  _ name: String, _ reads: Double, _ question: Question
) throws(MissingNumber) -> Bill {
  let writes = Ratio.assumed("writes of a record in a month", 0.2, in: 0.05...2)
  let uses = Term<Requests>(records * (writes + .exactly(reads)))
  let work = uses * (try question.time(name))
  return try stored(bytes / (try question.ratio("\(name).ratio")))
    + cores(work).named("compression and decompression")
}
