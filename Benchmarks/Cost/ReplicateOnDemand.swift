import Harness
import Results
import Statistics

extension Experiment {
  /// Objects for a second region: all at once, or when they are read there.
  static let replicateOnDemand = Experiment(
    cost: "replicate-on-demand", "network/multi-region",
    title: "Objects for another region: copy all → copy at the first read",
    claim: """
      Copying an object when it is first read there is never more expensive than copying all, and saves \
      nearly everything while most objects are never read; fetching it anew each time is cheaper \
      only below one or two reads.
      """,
    mechanism: """
      A copy costs the transfer between regions once and storage every month. A fetch costs the \
      transfer each time. Where reads are spread at random, the share of objects that are read at \
      all is 1 − e⁻ʳ for a mean of r reads: at one read of each object a third of them is never \
      read, and their copies are waste.
      """,
    limits: """
      The first reader in the region waits for the transfer. A region that is to take over after a \
      failure needs all the data there beforehand: then it is not a matter of cost. Real reads are \
      more skewed, so that the copy at the first read saves more than computed.
      """,
    diagram: """
      flowchart LR
        subgraph before["copy all: {copy all}"]
          w0["each object"] -- "transfer" --> c0["a copy in the region"]
        end
        subgraph after["fetch each time: {fetch each time}"]
          r1["each read"] -- "transfer" --> o1["the only copy"]
        end
        first["copy at the first read: {copy at the first read}"]
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count(
      "reads of an object there", [1, 10, 50, 100, 200, 500, 2_000], smoke: 100,
      label: { $0 == 100 ? "1 read" : "\((Double($0) / 100).brief) reads" }),
    rule: RuleOfThumb(
      "replicate what is read more than once", breakEven: 100, source: "folklore"),
    options: [
      option(
        "copy all", code: "copied", bill: { _, _ throws(MissingNumber) in try copied(.exactly(1)) }),
      option("copy at the first read", code: "copied", bill: atFirstRead),
      option("fetch each time", code: "fetched", bill: fetched),
    ])
}

/// New objects in a month, each kept for a while.
private let bytes = Size.exactly(0x1p40)

private func copied(_ share: Ratio) throws(MissingNumber) -> Bill {
  let months = Ratio.assumed("months that an object is kept", 12, in: 3...60)
  return try ((share * Provider.aws.price("transfer.region")) * bytes.moved).named("transfer")
    + ((share * Provider.aws.price("storage.standard")) * (months * bytes).kept).named("storage")
}

private func atFirstRead(_ hundredths: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let reads = Ratio.exactly(hundredths / 100)
  return try copied(.function("share read", of: reads) { 1 - exponential(-$0) })
}

private func fetched(_ hundredths: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let moved = (hundredths / 100) * bytes
  return (try Provider.aws.price("transfer.region") * moved.moved).named("transfer")
}
