import Results

/// The cache simulator of valgrind: how it is asked, and what it writes.
///
/// It follows every access of a process through a first level and a last one, without prefetching,
/// page walks or other processes. Source: cg-manual of valgrind, chapters 5.2 and 5.9.
public enum Cachegrind {
  /// Caches that it can follow: of each level the sets are rounded down to a power of two, as it
  /// asks for. A level whose ways are not known is left out, and those after it.
  public static func caches(of machine: Machine) -> [Machine.Cache] {
    var caches: [Machine.Cache] = []
    for cache in machine.caches.sorted(by: { $0.level < $1.level }) {
      guard let ways = cache.ways, ways > 0, cache.lineBytes > 0 else { break }
      let sets = cache.bytes / cache.lineBytes / ways
      guard sets > 0 else { break }
      var simulated = cache
      simulated.bytes =
        (1 << (Int.bitWidth - 1 - sets.leadingZeroBitCount)) * ways * cache.lineBytes
      caches.append(simulated)
    }
    return caches
  }

  /// Its options, for a nearest and a farther cache.
  public static func arguments(
    first: Machine.Cache, last: Machine.Cache, output: String
  ) -> [String] {
    func text(_ cache: Machine.Cache) -> String {
      "\(cache.bytes),\(cache.ways ?? 1),\(cache.lineBytes)"
    }
    return [
      "--tool=cachegrind", "--cache-sim=yes", "--branch-sim=no", "--I1=\(text(first))",
      "--D1=\(text(first))", "--LL=\(text(last))", "--cachegrind-out-file=\(output)",
    ]
  }

  /// What it counted over a whole process.
  public struct Totals: Equatable, Sendable {
    /// Executed.
    public var instructions: Double
    /// Reads and writes of data.
    public var accesses: Double
    /// Those that the first data cache did not serve.
    public var firstMisses: Double
    /// Those that the last cache did not serve either.
    public var lastMisses: Double

    /// The difference of two processes.
    public static func - (after: Totals, before: Totals) -> Totals {
      Totals(
        instructions: after.instructions - before.instructions,
        accesses: after.accesses - before.accesses,
        firstMisses: after.firstMisses - before.firstMisses,
        lastMisses: after.lastMisses - before.lastMisses)
    }
  }

  /// Why a file is not what cachegrind writes.
  public enum Damage: Error, Equatable, Sendable, CustomStringConvertible {
    case lineMissing(String)
    case eventMissing(String)
    /// As many values as events are expected.
    case valuesMissing(events: Int, values: Int)
    case notANumber(String)

    /// One line.
    public var description: String {
      switch self {
      case .lineMissing(let name): "cachegrind's output has no line '\(name)'"
      case .eventMissing(let name): "cachegrind's output does not count \(name)"
      case .valuesMissing(let events, let values):
        "cachegrind's summary has \(values) values for \(events) events"
      case .notANumber(let text): "cachegrind's output has '\(text)' instead of a number"
      }
    }
  }

  /// Reads the totals out of an output file.
  public static func totals(in text: String) throws(Damage) -> Totals {
    let events = try words(after: "events:", in: text)
    let values = try words(after: "summary:", in: text)
    guard events.count == values.count else {
      throw .valuesMissing(events: events.count, values: values.count)
    }
    func value(_ event: String) throws(Damage) -> Double {
      guard let index = events.firstIndex(of: event) else { throw .eventMissing(event) }
      guard let value = UInt64(values[index]) else { throw .notANumber(values[index]) }
      return Double(value)
    }
    return Totals(
      instructions: try value("Ir"), accesses: try value("Dr") + value("Dw"),
      firstMisses: try value("D1mr") + value("D1mw"),
      lastMisses: try value("DLmr") + value("DLmw"))
  }

  private static func words(after name: String, in text: String) throws(Damage) -> [String] {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
    // The summary is the last line, the events are among the first.
    let found =
      name == "summary:"
      ? lines.last { $0.starts(with: name.utf8) } : lines.first { $0.starts(with: name.utf8) }
    guard let found else { throw .lineMissing(name) }
    return found.dropFirst(name.utf8.count).split(separator: UInt8(ascii: " "))
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
