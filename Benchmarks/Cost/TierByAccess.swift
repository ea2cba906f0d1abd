import Harness
import Results

extension Experiment {
  /// Tiers by the age of objects, or by whether they are read.
  static let tierByAccess = Experiment(
    cost: "tier-by-access", "storage/tiers",
    title: "Ten terabytes of old objects: tiers by age → tiers by access",
    claim: """
      Tiers by access, at a fee for each object watched, cost less than tiers by age only for objects \
      above some hundred kilobytes to a few megabytes, depending on how many of the old ones are \
      still read.
      """,
    mechanism: """
      A rule by age moves what is old into a class that charges for reading, whether it is read or \
      not. Tiering by access keeps what is read in the warm class, charges nothing for reading, and \
      a fee for each object that it watches. The fee is the same for a large object as for a small \
      one: per gigabyte it falls with the size. What it saves are the retrievals of old objects that \
      are still popular.
      """,
    limits: """
      Objects below 128 KB are not watched and stay warm. Where nothing old is ever read, age is the \
      better rule at any size. The first month, which both spend in the warm class, is not counted.
      """,
    diagram: """
      flowchart LR
        subgraph before["by age: {by age}"]
          o0["objects of {point}"] -- "old" --> i0["infrequent class"] -- "read: a fee" --> u0["users"]
        end
        subgraph after["by access: {by access}"]
          o1["objects of {point}"] -- "a fee for watching" --> w1["warm while read"] --> u1["users"]
          o1 --> c1["infrequent tier"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes(
      "object size", [128 << 10, 512 << 10, 2 << 20, 8 << 20, 64 << 20], smoke: 2 << 20),
    options: [
      option("by age", code: "byAge", bill: byAge),
      option("by access", code: "byAccess", bill: byAccess),
    ])
}

private let bytes = Size.exactly(10 * 0x1p40)
private let share = Ratio.assumed(
  "share of the old objects that are read in a month", 0.1, in: 0.01...0.4)

private func byAge(_ size: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let reads = Ratio.assumed("reads of such an object in the month", 5, in: 1...30)
  let read = share * reads
  let requests = Term<Requests>(read * .exactly(bytes.value / size))
  return (try Provider.aws.price("storage.infrequent") * bytes.kept).named("storage")
    + (try Provider.aws.price("storage.infrequent.retrieval") * (read * bytes).moved)
    .named("retrieval")
    + (try Provider.aws.price("storage.infrequent.get") * requests).named("requests")
}

private func byAccess(_ size: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let reads = Ratio.assumed("reads of such an object in the month", 5, in: 1...30)
  let objects = Term<Requests>.exactly(bytes.value / size)
  let requests = Term<Requests>(share * reads * objects.count)
  return (try Provider.aws.price("storage.standard") * (share * bytes).kept).named("warm tier")
    + (try Provider.aws.price("storage.infrequent") * ((1 - share) * bytes).kept)
    .named("infrequent tier")
    + (try Provider.aws.price("storage.intelligent.object") * objects).named("watching")
    + (try Provider.aws.price("storage.standard.get") * requests).named("requests")
}
