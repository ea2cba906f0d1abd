import CPerflab
import Harness
import Results

/// Read, write, copy and triad at each level, on one core and on all, counted as STREAM counts
/// (McCalpin 1995): the bytes that the kernel names, not what the caches move besides.
enum Bandwidth {
  enum Operation: String, CaseIterable {
    case read, write, copy, triad

    var arrays: Int {
      switch self {
      case .read, .write: 1
      case .copy: 2
      case .triad: 3
      }
    }

    var title: String {
      switch self {
      case .read: "Read"
      case .write: "Write"
      case .copy: "Copy"
      case .triad: "Triad"
      }
    }

    var how: String {
      switch self {
      case .read: "sum of 64-byte vectors"
      case .write: "64-byte vectors stored through the caches"
      case .copy: "64-byte vectors loaded and stored, both counted"
      case .triad: "a = b + s × c, all three counted"
      }
    }
  }

  static let series = ProbeSeries(
    "stream", title: "Sequential read, time per line", unit: .nanoseconds,
    method: "sum of 64-byte vectors, repeated", x: SeriesAxis("working set", unit: .bytes))

  static func curve(_ levels: Levels) -> [Probe] {
    levels.sizes(from: 16 << 10).map { bytes in
      Probe(
        "\(series.name).\(bytes)", role: .point(series: series.name, x: Double(bytes), y: nil),
        group: "Bandwidth of one core", title: "Sequential line of \(sized(bytes))",
        method: series.method, needs: [.memory(bytes)], value: bytes, smoke: 4096,
        reading: { .operations(Double(Stream.Shape(.read, bytes: $0, length: .short).bytes / 64)) },
        variant: Variant(
          "read", shows: ["Stream"],
          prepare: { point in
            let stream = try Stream(
              .read, bytes: point.value, length: .short, from: levels.memory)
            // Two passes, so that the caches are filled before the first sample.
            for _ in 0..<2 * min(point.value, levels.l3) / (4 << 20) { _ = stream.pass() }
            return stream
          },
          run: { stream in stream.pass() }))
    }
  }

  /// Stores that bypass the caches, from a source in L1.
  static func past(_ levels: Levels) -> Probe {
    let bytes = levels.workingSet(.memory)
    return Probe(
      "bandwidth.write.nontemporal", group: "Bandwidth of one core", title: "Non-temporal write",
      unit: .bytesPerSecond, method: "non-temporal 64-byte stores to \(sized(bytes))",
      needs: [.memory(bytes)], value: bytes, smoke: 4096,
      reading: { _ in .rate(Double(Past.window)) },
      variant: Variant(
        "past", shows: ["Past"],
        prepare: { point in try Past(bytes: point.value, from: levels.memory) },
        run: { past in past.write() }))
  }

  static func probes(_ levels: Levels) -> [Probe] {
    Operation.allCases.flatMap { operation in
      Levels.Level.allCases.flatMap { level in
        [
          one(operation, level, bytes: levels.workingSet(level), from: levels.memory),
          all(operation, level, levels),
        ]
      }
    }
  }

  private static func one(
    _ operation: Operation, _ level: Levels.Level, bytes: Int, from kept: KeptMemory
  ) -> Probe {
    let name = "bandwidth.\(operation).\(level)"
    return Probe(
      name, group: "Bandwidth of one core",
      title: "\(operation.title), \(Levels.title(level))", unit: .bytesPerSecond,
      method: "\(operation.how), \(sized(bytes))", needs: [.memory(bytes)], value: bytes,
      smoke: 4096,
      reading: { .rate(Double(Stream.Shape(operation, bytes: $0, length: .short).bytes)) },
      variant: Variant(
        name, shows: ["Stream"],
        prepare: { point in
          try Stream(operation, bytes: point.value, length: .short, from: kept)
        },
        run: { stream in stream.pass() }))
  }

  private static func all(
    _ operation: Operation, _ level: Levels.Level, _ levels: Levels
  ) -> Probe {
    let (bytes, threads) = (levels.workingSetOfEach(level), levels.threads)
    let name = "bandwidth.\(operation).\(level).all"
    return Probe(
      name, group: "Bandwidth of all cores",
      title: "\(operation.title), \(Levels.title(level))", unit: .bytesPerSecond,
      method: "\(operation.how), \(sized(bytes)) per thread, \(threads) threads",
      needs: [.memory(bytes * threads)], value: bytes, smoke: 4096, startsThreads: true,
      reading: {
        .rate(Double(threads * Stream.Shape(operation, bytes: $0, length: .long).bytes))
      },
      variant: Variant(
        name, shows: ["Stream"],
        prepare: { point in
          let team = try point.team(threads)
          return try TeamStreams(
            operation, team, bytes: point.value, from: levels.memoryOfTeams)
        },
        run: { streams in streams.pass() }))
  }
}

/// Each member's stream, prepared by its own thread.
private final class TeamStreams: @unchecked Sendable {
  // SAFETY (@unchecked): each member writes its own element alone.
  private let elements: UnsafeMutablePointer<Stream?>
  private let team: Team
  private var count: Int { team.count }

  init(
    _ operation: Bandwidth.Operation, _ team: Team, bytes: Int, from kept: KeptMemory?
  ) throws {
    self.team = team
    let count = team.count
    elements = .allocate(capacity: count)
    elements.initialize(repeating: nil, count: count)
    let elements = elements
    team.run { member in
      elements[member] = try? Stream(operation, bytes: bytes, length: .long, from: kept)
    }
    for member in 0..<count where elements[member] == nil {
      throw ProbeUnavailable("no memory for thread \(member)")
    }
  }

  deinit {
    elements.deinitialize(count: count)
    elements.deallocate()
  }

  func pass() -> Int {
    let elements = elements
    team.run { member in _ = elements[member]?.pass() }
    return count
  }
}

/// Memory that is overwritten piece by piece with the same four kilobytes.
private final class Past {
  static let window = 256 << 10
  private static let piece = 4 << 10
  private let source: Region
  private let target: Region
  private var position = 0

  init(bytes: Int, from kept: KeptMemory) throws {
    // First, or the small one would take the memory that is large enough.
    target = try Region(bytes, from: kept)
    source = try Region(Self.piece, from: kept)
  }

  /// One fence for the whole window: it waits until all stores have arrived in memory.
  func write() -> Int {
    for _ in 0..<Self.window / Self.piece {
      for offset in stride(from: 0, to: Self.piece, by: 64) {
        perflab_stream_line(target.start + position + offset, source.start + offset)
      }
      perflab_escape(source.start)
      position = position + 2 * Self.piece <= target.bytes ? position + Self.piece : 0
    }
    perflab_stream_end()
    return position
  }
}
