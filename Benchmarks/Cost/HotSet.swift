import Harness
import Results
import Statistics

extension Experiment {
  /// How long a page may lie unread before a drive is cheaper for it than memory.
  static let hotSet = Experiment(
    cost: "hot-set", "storage/tiers",
    title: "A million pages of 4 KiB: on a volume → in memory",
    claim: """
      At today's prices of a cloud, a page of 4 KiB belongs in memory if it is read every quarter of \
      an hour on general-purpose volumes, and every few hours on provisioned ones.
      """,
    mechanism: """
      Memory is paid by the gibibyte, a volume by the reads a second that it has to serve. A page \
      that is read every t seconds needs 1 ÷ t of a read a second. Gray and Putzolu found 400 s for \
      pages of 1 KB in 1987, which they rounded to five minutes; Gray and Graefe 270 s for 8 KB in \
      1997; Graefe an hour and a half for 4 KB in 2007; Appuswamy and others four hours on disks and \
      five minutes on flash in 2018. The rule outlived disks because flash became as cheap per read \
      as memory per byte.
      """,
    limits: """
      The reader's time has no price here: memory answers in a ten-thousandth of the time. Volumes \
      come with some thousands of reads a second at no charge, which count only where they are used \
      up. Local drives of an instance are cheaper than volumes, and do not outlive it.
      """,
    diagram: """
      flowchart LR
        subgraph before["volume: {volume}"]
          r0["a read every {point}"] --> v0["reads per second"]
          v0 -.- s0["4 KiB of a volume"]
        end
        subgraph after["memory: {memory}"]
          r1["a read every {point}"] --> m1["4 KiB of memory"]
        end
        provisioned["provisioned volume: {provisioned volume}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "seconds between reads", [10, 60, 300, 1_800, 10_800, 86_400], smoke: 300,
      label: { "\($0) s" }),
    rule: RuleOfThumb(
      "keep in memory what is read every five minutes", breakEven: 300,
      source: "Gray and Putzolu, SIGMOD 1987"),
    options: [
      option("volume", code: "volume", bill: general),
      option("provisioned volume", code: "volume", isReference: true, bill: provisioned),
      option("memory", code: "memory", bill: memory),
    ])
}

private let pages = 1e6
private let size = Size.exactly(pages * 4096)

/// Volumes are not filled, nor are their reads used, to the last.
private let used = Ratio.assumed("share of the volume's reads that is used", 0.7, in: 0.5...0.9)

private func general(_ seconds: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try volume("gp3", seconds)
}

private func provisioned(_ seconds: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try volume("io2", seconds)
}

private func volume(_ name: String, _ seconds: Double) throws(MissingNumber) -> Bill {
  let reads = Term<Months>(.exactly(pages / seconds) / used)
  let bytes = try Provider.aws.price("block.\(name)") * size.kept
  return bytes.named("storage")
    + (try Provider.aws.price("block.\(name).iops") * reads).named("reads per second")
}

/// A cache in memory holds the page beside its key and links; the volume has it anyway.
private func memory(_ seconds: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let overhead = Ratio.assumed("memory for a page over its size", 1.1, in: 1.02...1.3)
  let held = (size.gibibytes * overhead) * (try Provider.machine().gibibyte)
  return held.perMonth.named("memory")
    + (try Provider.aws.price("block.gp3") * size.kept).named("storage")
}
