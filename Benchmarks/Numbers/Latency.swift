import Harness
import Results

/// Loads of one kernel call.
private let loads = 1600

/// Latency of a dependent load at each level, and the staircase over all sizes.
func latencyProbes(_ levels: Levels) -> [Probe] {
  let byLevel = Levels.Level.allCases.map { level in
    latency(
      "latency.\(level)", "Load from \(Levels.title(level))", levels,
      bytes: levels.workingSet(level),
      pages: .base, cold: level == .memory)
  }
  let huge = latency(
    "latency.memory.huge", "Load from memory, huge pages", levels,
    bytes: levels.workingSet(.memory), pages: .huge, cold: true)
  return byLevel + [huge] + staircase(levels)
}

private func latency(
  _ name: String, _ title: String, _ levels: Levels, bytes: Int, pages: Region.Pages, cold: Bool
) -> Probe {
  Probe(
    name, group: "Memory latency", title: title,
    method: "dependent loads along one random cycle of cache lines over \(sized(bytes)), "
      + "\(sized(pages == .huge ? Region.hugePageBytes : levels.pageBytes)) pages",
    needs: [.memory(bytes)], value: bytes, smoke: 4096,
    reading: { _ in .operations(Double(loads)) },
    variant: Variant(
      name, shows: ["Chain"],
      prepare: { point in
        try Chain(
          lines: point.value / 64, pages: pages, from: levels.memory, seed: point.seed, cold: cold)
      },
      run: { chain in chain.walk(loads) }))
}

/// The series that `staircase` fills.
func staircaseSeries(_ levels: Levels) -> ProbeSeries {
  ProbeSeries(
    "staircase", title: "Latency staircase", unit: .nanoseconds,
    method:
      "dependent loads along one random cycle of cache lines, \(sized(levels.pageBytes)) pages",
    x: SeriesAxis("working set", unit: .bytes))
}

/// From 4 KiB to the memory's working set, two steps an octave while the caches last.
private func staircaseSizes(_ levels: Levels) -> [Int] {
  var sizes: [Int] = []
  var size = 4 << 10
  while size <= levels.workingSet(.memory) {
    sizes += size < levels.l3 ? [size, size + size / 2] : [size]
    size *= 2
  }
  return sizes.filter { $0 <= levels.workingSet(.memory) }
}

private func staircase(_ levels: Levels) -> [Probe] {
  let series = staircaseSeries(levels)
  return staircaseSizes(levels).map { bytes in
    let cold = bytes >= 2 * levels.l3
    return Probe(
      "staircase.\(bytes)",
      role: .point(series: series.name, x: Double(bytes), y: nil),
      group: "Memory latency", title: "Load from \(sized(bytes))", method: series.method,
      needs: [.memory(bytes)], value: bytes, smoke: 4096,
      reading: { _ in .operations(Double(loads)) },
      variant: Variant(
        "chain", shows: ["Chain"],
        prepare: { point in
          try Chain(
            lines: point.value / 64, pages: .base, from: levels.memory, seed: point.seed,
            cold: cold)
        },
        run: { chain in chain.walk(loads) }))
  }
}

/// `16 KiB`
func sized(_ bytes: Int) -> String {
  for (size, unit) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] where bytes >= size {
    let whole = bytes / size
    return bytes % size == 0 ? "\(whole) \(unit)" : "\(Double(bytes * 10 / size) / 10) \(unit)"
  }
  return "\(bytes) B"
}
