import Disks
import Harness
import Platform
import Results

extension Experiment {
  /// Pieces of a file at known places: read when they are needed, or asked for in time.
  static let readAhead = Experiment(
    id: "storage/read-ahead",
    title: "Reads on demand → asked for in time: advice, a prefetch thread",
    slot: "performance/storage/analysis",
    claim: """
      A program that knows which places of a file it will read next can overlap the reads with its \
      work: if both take about the same time, asking for them in time saves nearly half, and if reads \
      dominate, several reads are in flight and the gain is larger; with much work per read nothing \
      is left to hide.
      """,
    mechanism: """
      On demand, each read waits for the device, then the work is done: time = read + work. The \
      kernel's own read-ahead recognises sequences only; these places are a list, such as an index \
      gives. `posix_fadvise(WILLNEED)` starts the reads of the next 16 places and returns, so \
      that they are in flight during the work: time = the longest of work, the device's share, and \
      what the advice itself costs. A thread that reads the same places ahead of the program needs no \
      support by the kernel, and costs a thread's wake-ups and a second processor. The page cache is \
      emptied for this file before each sample, and checked by `mincore`.
      """,
    limits: """
      It needs to be known where to read next: a chain of pointers has nothing to ask for. What is \
      asked for too early is evicted before it is used, and what is not used after all costs the \
      device's time. For files read in order the kernel reads ahead by itself. Direct I/O has no page \
      cache to read into: there io_uring does the same (`storage/queue-depth`).
      """,
    diagram: """
      flowchart LR
        subgraph before["on demand: {on demand}"]
          direction LR
          r0["read"] --> w0["work, {point}"] --> r1["read"]
        end
        subgraph after["in time: advice {advice}, thread {prefetch thread}"]
          direction LR
          w1["work, {point}"] --- r2["next reads in flight"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("work per read", [0, 50, 200], smoke: 50, label: { "\($0) µs" }),
    signals: ["waiting", "cached before"],
    needs: [.disk(bytes: ColdPlaces.needed), .cores(2)], tolerates: [.preempted],
    work: { _ in Work(elements: Double(ColdPlaces.readsEach), each: "read") },
    variants: [
      places("on demand", shows: ["readOnDemand"]) { try readOnDemand($0, $1) },
      places("advice", shows: ["readAdvised"]) { try readAdvised($0, $1) },
      places("prefetch thread", shows: ["readBehindThread"]) { try readBehindThread($0, $1) },
    ],
    headline: DeclaredHeadline(value: 50, variant: "advice"),
    model: { question throws(MissingNumber) in
      let read = try question.time("read.cold.4k")
      let work = Time.exactly(Double(question.value) * 1e3).named("work")
      let copy = try question.time("pread.cached.4k").named("copy from the page cache")
      switch question.variant {
      case "on demand": return Model(read.named("read") + work)
      case "advice":
        let advice = try question.time("prefetch.4k").named("advice")
        let device = try question.curve(.readDepth, at: Double(ColdPlaces.ahead))
        return Model(longest(advice + copy + work, device.named("device, reads in flight")))
      default: return Model(longest(copy + work, read.named("reads of the thread")))
      }
    })
}

private func places(
  _ name: String, shows: [String],
  run: @escaping @Sendable (ColdPlaces, [Int]) throws -> UInt64
) -> Variant {
  Variant(
    name, shows: shows, prepare: { try ColdPlaces($0) }, report: { $0.report() },
    run: { places in attempt { try places.timed { try run(places, $0) } } })
}

/// - Returns: how many sectors are right.
@inline(never)
private func readOnDemand(_ places: ColdPlaces, _ list: [Int]) throws -> UInt64 {
  var right = 0
  for place in list { right += try places.readAndWork(place) }
  return UInt64(right)
}

@inline(never)
private func readAdvised(_ places: ColdPlaces, _ list: [Int]) throws -> UInt64 {
  var right = 0
  for place in list.prefix(ColdPlaces.ahead) { places.advise(place) }
  for (index, place) in list.enumerated() {
    if index + ColdPlaces.ahead < list.count { places.advise(list[index + ColdPlaces.ahead]) }
    right += try places.readAndWork(place)
  }
  return UInt64(right)
}

@inline(never)
private func readBehindThread(_ places: ColdPlaces, _ list: [Int]) throws -> UInt64 {
  places.prefetcher.start { _ in places.readAhead(list) }
  defer { places.prefetcher.wait() }
  return try readOnDemand(places, list)
}
