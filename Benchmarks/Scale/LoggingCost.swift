import Harness
import Results
import Shop

extension Experiment {
  /// An access log: every line on the device before the response, or lines in batches.
  static let loggingCost = Experiment(
    id: "scale/logging-cost",
    title: "A synchronous line per request → a buffered log",
    slot: "scale/10k/monolith",
    claim: """
      An access log whose lines are flushed to the device one by one caps the Shop at the device's \
      flushes per second, whatever its processors can do; buffered, a line costs a few per cent of \
      a request.
      """,
    mechanism: """
      Visitors without think time saturate the Shop with product pages, so that the time per request \
      is the inverse of its capacity. The log is one file, and one flush at a time is under way on \
      it. While one worker waits for the device the others wait for the log, and the processor is \
      idle: the slower of the two resources decides. The buffered log formats the same line into \
      memory, and writes 64 KiB at a time.
      """,
    limits: """
      What a flush takes depends on the device, and on the file system: on a virtual disk it may be \
      answered by a cache of the host. A crash of the process loses up to 64 KiB of buffered lines, \
      a crash of the machine more. A batch of several workers' lines per flush (group commit) would \
      keep the promise for less.
      """,
    diagram: """
      flowchart LR
        subgraph before["flushed: {a flush per line}"]
          direction LR
          r0["request"] --> l0["line"] -- "wait" --> d0["device"]
        end
        subgraph after["buffered: {buffered}, without a log {no log}"]
          direction LR
          r1["request"] --> l1["line"] --> b1["buffer"] -- "64 KiB" --> d1["file"]
        end
        before -- "{speedup} with {point}" --> after
      """,
    sweep: .count("workers", [2, 16], smoke: 2, label: { "\($0) workers" }),
    signals: ["response (p99)"],
    needs: [.cores(2), .storage(bytes: 4 * ShopBench.needed)],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(ShopBench.requests), each: "request") },
    variants: [
      variant("a flush per line", "flushed", flushed),
      variant("no log", "silent", isReference: true, silent),
      variant("buffered", "buffered", buffered),
    ],
    demands: Demands { point in
      let bench = try ShopBench(point, ShopPaths.products) { $0.workers = point.value }
      let page = try bench.demand()
      // One worker does the one after the other.
      let both = try ShopBench(point, ShopPaths.products) {
        flushed(&$0)
        $0.workers = 1
      }
      return ["page without a log": page, "flush of a line": max(0, both.timedServe() - page)]
    },
    model: { question throws(MissingNumber) in
      guard let page = question.demand("page without a log"),
        let flush = question.demand("flush of a line")
      else { return nil }
      // Several workers overlap the two.
      return Model(question.isBaseline ? longest(page, flush) : page)
    })
}

private func variant(
  _ name: String, _ shows: String, isReference: Bool = false,
  _ change: @escaping @Sendable (inout ShopSettings) -> Void
) -> Variant {
  Variant(
    shop: name, isReference: isReference, shows: shows, paths: { _ in ShopPaths.products }
  ) {
    $0.workers = $1
    change(&$0)
  }
}

@Sendable private func flushed(_ settings: inout ShopSettings) {
  settings.sicknesses = [.synchronousLog]
  buffered(&settings)
}

@Sendable private func silent(_ settings: inout ShopSettings) { settings.accessLog = nil }

@Sendable private func buffered(_ settings: inout ShopSettings) {
  settings.accessLog = "\(settings.folder)/access.log"
}
