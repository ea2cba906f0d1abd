import Disks
import Harness
import Platform
import Results

/// Several requests at a time: reads in flight, and flushes of several threads.
enum StorageDepth {
  private static let needs: [Requirement] = Storage.space + [.ring]

  static let series = [
    ProbeSeries(
      "read.depth", title: "Random reads of 4 KiB in flight, time per read", unit: .nanoseconds,
      method: "direct reads through io_uring, refilled as they come back",
      x: SeriesAxis("reads in flight", unit: .count)),
    ProbeSeries(
      "flush.together", title: "Flushes at the same time, time until all are done",
      unit: .nanoseconds,
      method:
        "as many threads, each writes a page of one file in place and calls fdatasync, four times",
      x: SeriesAxis("flushes", unit: .count)),
  ]

  static let probes = depths + flushes + calls

  private static let depths = [1, 2, 4, 8, 16, 32, 64, 128].map { depth in
    Probe(
      "read.depth.\(depth)", role: .point(series: "read.depth", x: Double(depth), y: nil),
      group: Storage.group, title: "\(depth) reads in flight", method: series[0].method,
      needs: needs, value: depth, smoke: 2, reading: { .operations(Double(reads(at: $0))) },
      variant: Variant(
        "read.depth", shows: [],
        prepare: { point in
          let blocks = try ProbedBlocks()
          return (blocks, try ReadRing(blocks.file, depth: point.value, bytes: 4096))
        },
        run: { blocks, ring in blocks.read(reads(at: ring.depth), through: ring) }))
  }

  private static func reads(at depth: Int) -> Int { max(64, 4 * depth) }

  private static let flushes = [1, 2, 4, 8, 16].map { count in
    Probe(
      "flush.together.\(count)", role: .point(series: "flush.together", x: Double(count), y: nil),
      group: Storage.group, title: "\(count) flushes at the same time", method: series[1].method,
      needs: Storage.space, value: count, smoke: 1, startsThreads: true,
      reading: { _ in .operations(4) },
      variant: Variant(
        "flush.together", shows: [],
        prepare: { point in
          (try FlushedPages(), try BlockingThreads(point.value, on: point.cpus))
        },
        run: { file, threads in
          threads.run { thread in for _ in 0..<4 { file.overwriteAndFlush(page: thread) } }
          return threads.count
        }))
  }

  private static let calls = [
    repeated(
      "uring.nop", group: Storage.group, title: "io_uring, an operation that does nothing",
      method: "32 queued, submitted and completed together, time of each", needs: [.ring],
      count: 32, smoke: 4, prepare: { _ in try NothingRing(entries: 32) }, run: { $0.turn($1) }),
    repeated(
      "flush.pages", group: Storage.group, title: "Flush of 64 pages at random places",
      method: "a page each in 64 places of 8 MiB written in place, then fdatasync",
      needs: Storage.space, count: 64, smoke: 4, role: .ingredient,
      prepare: { _ in try FlushedPages() }, run: { $0.scatterAndFlush($1) }),
  ]

  static let derived = DerivedNumber(
    "flush.page", group: Storage.group, title: "A further page in a flush, at a random place",
    method: "a flush of 64 pages at random places less a flush of one, for each page",
    from: ["flush.pages", "flush.together.1"], compute: { max(0, $0[0] - $0[1] / 64) })
}
