import CostBenchmarks
import Harness
import Prices
import Results

extension Experiment {
  /// Which machine a server is moved to.
  static let measuredSize = Experiment(
    id: "migration/measured-size",
    title: "A server with 16 cores and 64 GiB moves: as bought → as used",
    slot: "migration/cloud/assessment",
    claim: """
      Sizing a moved server by what it uses halves its bill at any CPU utilisation below two \
      fifths, and no more, since the memory that it uses decides: machines come in powers of two, \
      with a fixed amount of memory per core. Sold by the core and by the gigabyte, the same use \
      costs about half of that while the processor is mostly idle, and as much as the machine as \
      bought when it is busy.
      """,
    mechanism: """
      Servers are bought for the load of their last year, and for rounding. Use is measured for a \
      month: the 95th percentile of CPU ({point}) and the memory in use. A newer core does more; \
      of the new machine's cores 60% are to be used at that load, of its memory 85%. The machine \
      is the smallest of 2, 4, 8, 16 or 32 hardware threads with 4 GiB each that has both. With \
      40% of 64 GiB in use that is 8 threads from 1% to 39% of CPU: what everybody looks at first \
      does not matter. Containers are billed for cores and memory apart, at a higher price of \
      each.
      """,
    limits: """
      Families with 2 or 8 GiB per thread move the steps; sizes of one family cost in proportion \
      here. Memory “in use” is what the operating system could not give back: caches of files \
      look like use and are none, and a database takes what it gets. A month does not hold the \
      end of the year. The first size need not be right: changing it is a restart in the cloud, \
      which is the real difference to buying.
      """,
    diagram: """
      flowchart LR
        subgraph before["as bought: {as bought}"]
          direction LR
          s0["16 cores, 64 GiB"] -- "{point} of CPU used" --> m0["16 cores, 64 GiB"]
        end
        piece["by the piece: {by the piece}"]
        subgraph after["as used: {as used}"]
          direction LR
          s1["16 cores, 64 GiB"] -- "{point} of CPU" --> m1["the smallest with both"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "CPU used, 95th percentile", [2, 5, 10, 20, 40, 80], smoke: 10, label: { "\($0) %" }),
    metric: .dollars("cost"), work: { _ in Work(elements: 1, each: "month") },
    variants: [
      option("as bought", code: "asBought") { _, _ throws(MissingNumber) in try asBought() },
      option("by the piece", code: "byThePiece", "needed", bill: byThePiece),
      option("as used", code: "asUsed", "needed", bill: asUsed),
    ],
    rule: RuleOfThumb(
      "halve the size of what uses less than 40% of CPU", breakEven: 40,
      source: "defaults of cloud providers' sizing recommendations"),
    headline: DeclaredHeadline(value: 10, variant: "as used"))
}

private let bought = (threads: 16.0, gibibytes: 64.0)

private func asBought() throws(MissingNumber) -> Bill {
  (bought.threads / 4) * (try Provider.aws.monthly("compute.m5.xlarge")).named("16 threads")
}

/// Threads and gibibytes that the load needs.
private func needed(_ percent: Double) -> (threads: Ratio, gibibytes: Ratio) {
  let speed = Ratio.assumed("work of a new thread over that of an old one", 1.3, in: 1...2)
  let busy = Ratio.assumed("share of the threads to be used", 0.6, in: 0.5...0.8)
  let memory = Ratio.assumed("share of the memory in use", 0.4, in: 0.15...0.85)
  return (
    .exactly(bought.threads * percent / 100) / (speed * busy),
    bought.gibibytes * (memory / .exactly(0.85))
  )
}

private func asUsed(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let need = needed(percent)
  let threads = Ratio.function("size", of: need.threads, need.gibibytes) { threads, gibibytes in
    [2, 4, 8, 16].first { $0 >= threads && 4 * $0 >= gibibytes } ?? 32
  }
  return ((threads / 4) * (try Provider.aws.monthly("compute.m5.xlarge"))).named("machine")
}

private func byThePiece(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let need = needed(percent)
  let core = try Provider.aws.monthly("container.core")
  let memory = try Provider.aws.price("container.memory") * Term<GigabyteHours>.exactly(730)
  return (need.threads * core).named("threads") + (need.gibibytes * memory).named("memory")
}
