import Disks
import Harness
import Platform
import Results

extension Experiment {
  /// Reads one at a time, and many in flight.
  static let queueDepth = Experiment(
    id: "storage/queue-depth",
    title: "Reads at random: one at a time → many in flight",
    slot: "performance/storage/analysis",
    claim: """
      A device that is 100% busy with one read at a time still has most of its throughput to give: \
      with eight or more reads in flight it completes several times as many, until its limit is \
      reached, and from there on more depth adds only latency.
      """,
    mechanism: """
      With one read in flight, throughput is 1 ÷ latency, and most of the latency is the way to the \
      device and back: the command, the interrupt, the wake-up. Reads that are sent together share \
      that way, and what remains is the device's own time for each, its limit. Little's law (reads in \
      flight = throughput × latency) then makes latency grow in proportion to depth. *Busy* (`%util` of iostat) \
      counts the time in which at least one request was under way, and so says nothing of a device \
      that serves several. Reads are direct, 4 KiB at random, through io_uring; the one at a time is \
      `pread`.
      """,
    limits: """
      A program must know several reads before it needs the first: lookups that depend on each other \
      stay at depth 1. Where latency matters, the depth should end where the throughput does. Threads \
      reach a depth as well, for more processor time (`storage/submission-cost`). Small reads merge \
      into larger ones only where they are neighbours.
      """,
    diagram: """
      flowchart LR
        subgraph before["one at a time: {one at a time}"]
          direction LR
          p0["program"] -- "1 read" --> d0["device: always busy"]
        end
        subgraph after["in flight: {in flight}"]
          direction LR
          p1["program"] -- "{point} reads" --> d1["device: always busy"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("reads in flight", [2, 8, 32, 128], smoke: 8),
    signals: ["p99 latency", "device busy"],
    needs: [.disk(bytes: BlockReads.needed), .ring], tolerates: [.preempted],
    work: { _ in Work(elements: Double(readCount), each: "read") },
    variants: [
      Variant(
        "one at a time", shows: ["oneAtATime"], prepare: { try BlockReads($0) },
        report: { $0.report() },
        run: { reads in attempt { try reads.watched { try oneAtATime(reads) } } }),
      Variant(
        "in flight", shows: ["inFlight"],
        prepare: { point in
          let reads = try BlockReads(point)
          return (reads, try ReadRing(reads.file, depth: point.value, bytes: 4096))
        },
        report: { $0.0.report() },
        run: { reads, ring in
          attempt { try reads.watched { try inFlight(reads, ring) } }
        }),
    ],
    headline: DeclaredHeadline(value: 32, variant: "in flight"),
    model: { question throws(MissingNumber) in
      let latency = try question.time("read.random.4k")
      guard !question.isBaseline else { return Model(latency.named("latency")) }
      // All come back and are sent again together, and the device serves them one by one: the lower
      // of the two asymptotic bounds of a closed network (Lazowska et al., 1984).
      let limit = try question.time("read.depth.128")
      return Model(
        limit.named("the device's limit")
          + ((latency - limit) / Double(question.value)).named("way there and back, shared"))
    })
}

/// Several times the largest depth, so that how a call starts and ends is a small part.
private let readCount = 512

/// - Returns: how many sectors are right.
@inline(never)
private func oneAtATime(_ reads: BlockReads) throws -> UInt64 {
  var right = 0
  for _ in 0..<readCount {
    let start = Clock.now()
    right += try reads.read(reads.next(), into: reads.buffer)
    reads.note(latency: Clock.now() - start)
  }
  return UInt64(right)
}

@inline(never)
private func inFlight(_ reads: BlockReads, _ ring: ReadRing) throws -> UInt64 {
  var (right, queued) = (0, 0)
  while queued < readCount || ring.outstanding > 0 {
    while queued < readCount, ring.hasRoom {
      let block = reads.next()
      ring.queue(block, at: block * BlockFile.blockBytes)
      queued += 1
    }
    try ring.wait(for: 1) { read in
      right += BlockFile.rightSectors(read.bytes, from: read.tag)
      reads.note(latency: read.nanoseconds)
    }
  }
  return UInt64(right)
}
