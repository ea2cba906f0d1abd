import CostBenchmarks
import Harness
import Prices
import Results

extension Experiment {
  /// Ten terabytes of a file server, after it was lifted.
  static let storageClass = Experiment(
    id: "migration/storage-class",
    title: "10 TB of lifted files: block volumes → objects, in the class that fits",
    slot: "migration/cloud/optimisation",
    claim: """
      Files of two kilobytes cost as much as objects as on the volume that they were lifted to, \
      and files below sixteen cost more in the class for infrequent access: fees for requests, \
      and the smallest object that is billed, exceed what the byte saves. From ten kilobytes on \
      objects cost a fraction, and from a hundred the infrequent class is the cheapest.
      """,
    mechanism: """
      A volume is billed for its size, and lifted as it was it is half empty; an object store \
      bills bytes and requests. Ten terabytes in files of {point} are 10 TB ÷ size objects, each \
      of which is put once, and a tenth of which is read in a month. Puts are spread over 36 \
      months. The infrequent class has half the price per byte, bills 128 KiB for anything \
      smaller, twice the requests, and each byte that is read. So the size of a file decides, \
      which no list price shows.
      """,
    limits: """
      A file server's programs open, lock and change files in place; objects can't be changed, so \
      that a program or a gateway has to be, which costs more than a month of any of this. Small \
      files can be packed into larger objects first, which moves them along the axis. Reads by \
      chance only; a virus scanner reads everything every night, and then the infrequent class is \
      the most expensive of all.
      """,
    diagram: """
      flowchart LR
        subgraph before["block volumes: {block volumes}"]
          v0["10 TB, half of 20"]
        end
        objects["objects: {objects}"]
        subgraph after["infrequent objects: {infrequent objects}"]
          direction LR
          f1["10 TB in files of {point}"] --> o1["bytes, requests, reads"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes(
      "size of a file", [2 << 10, 8 << 10, 32 << 10, 128 << 10, 1 << 20, 16 << 20],
      smoke: 128 << 10),
    metric: .dollars("cost"), work: { _ in Work(elements: 1, each: "month") },
    variants: [
      option("block volumes", code: "volumes") { _, _ throws(MissingNumber) in try volumes() },
      option("objects", code: "objects") { size, _ throws(MissingNumber) in
        try objects("storage.standard", size)
      },
      option("infrequent objects", code: "objects") { size, _ throws(MissingNumber) in
        try objects("storage.infrequent", size)
      },
    ],
    rule: RuleOfThumb(
      "move to the infrequent class what is read less than once a month",
      source: "providers' documentation of storage classes"),
    headline: DeclaredHeadline(value: 1 << 20, variant: "infrequent objects"))
}

private let bytes = 10.0 * 0x1p40

private func volumes() throws(MissingNumber) -> Bill {
  let filled = Ratio.assumed("share of a volume that is used", 0.5, in: 0.3...0.9)
  let size = (Size.exactly(bytes) / filled).kept
  return (try Provider.aws.price("block.gp3") * size).named("volumes")
}

private func objects(_ name: String, _ size: Double) throws(MissingNumber) -> Bill {
  let isInfrequent = name == "storage.infrequent"
  let count = bytes / size
  let read = Ratio.assumed("share of the files read in a month", 0.1, in: 0.01...1)
  let billed = Size.exactly(count * (isInfrequent ? max(size, 128 * 1_024) : size))
  var bill =
    (try Provider.aws.price(name) * billed.kept).named("bytes")
    + (try Provider.aws.price("\(name).put") * Term<Requests>.exactly(count / 36)).named("puts")
    + (try Provider.aws.price("\(name).get") * Term<Requests>(count * read)).named("reads")
  if isInfrequent {
    bill += (try Provider.aws.price("\(name).retrieval") * (read * Size.exactly(bytes)).moved)
      .named("bytes read")
  }
  return bill
}
