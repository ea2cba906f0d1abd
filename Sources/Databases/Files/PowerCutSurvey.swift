import Glibc
import Platform
import Statistics

/// What a program loses by power cuts at many moments.
public struct PowerCutSurvey: Sendable, Equatable {
  /// Moments at which the power was cut.
  public private(set) var cuts = 0
  /// Cuts after which acknowledged records were missing.
  public private(set) var cutsThatLost = 0
  /// Acknowledged records that were missing after the worst cut.
  public private(set) var mostLost = 0
  /// Cuts after which the files could not be read, or a check found them damaged.
  public private(set) var damaged = 0
  /// What the first of them was reported as.
  public private(set) var damage: String?

  /// Replays a log up to moments of it, puts what the device may then hold into a folder of its own,
  /// and looks for what was acknowledged.
  /// - Parameters:
  ///   - cuts: the most that are tried; all entries' ends where the log has fewer.
  ///   - seed: chooses the moments, and which sectors arrived.
  ///   - arrivals: of the writes that were not flushed; tried in turn.
  ///   - scratch: a folder in which the folders are made and removed again.
  ///   - missing: opens what is in `folder` and says how many of the first `acknowledged` records are
  ///     not there as they were written; throws where the files are damaged.
  /// - Throws: `SystemError` where the files can't be written.
  public init(
    of log: FileLog, cuts: Int, seed: UInt64, arrivals: [PowerCut.Arrival] = [.none, .some, .all],
    in scratch: String, missing: (_ folder: String, _ acknowledged: Int) throws -> Int
  ) throws(SystemError) {
    let entries = log.entries
    var generator = SeededGenerator(seed: seed)
    let ends = Array(1...max(1, entries.count))
    let chosen = Set(ends.shuffled(using: &generator).prefix(cuts))
    var disk = PowerCut()
    for (index, entry) in entries.enumerated() {
      disk.pass(entry)
      guard chosen.contains(index + 1) else { continue }
      let arrival = arrivals[self.cuts % arrivals.count]
      let folder = "\(scratch)/cut-\(self.cuts)"
      try Self.write(disk.files(arrival, using: &generator), to: folder)
      defer { FileTree.remove(folder) }
      count(disk.acknowledged) { try missing(folder, $0) }
    }
  }

  private mutating func count(_ acknowledged: Int, missing: (Int) throws -> Int) {
    cuts += 1
    do {
      let lost = try missing(acknowledged)
      mostLost = max(mostLost, lost)
      if lost > 0 { cutsThatLost += 1 }
    } catch {
      damaged += 1
      mostLost = max(mostLost, acknowledged)
      if damage == nil { damage = "\(error)" }
    }
  }

  private static func write(_ files: [String: [UInt8]], to folder: String) throws(SystemError) {
    guard mkdir(folder, 0o700) == 0 else {
      throw SystemError(call: "mkdir \(folder)", errno: errno)
    }
    for (name, bytes) in files {
      let path = "\(folder)/\(name)"
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard file >= 0 else { throw SystemError(call: "open \(path)", errno: errno) }
      defer { close(file) }
      guard bytes.isEmpty || Glibc.write(file, bytes, bytes.count) == bytes.count else {
        throw SystemError(call: "write \(path)", errno: errno)
      }
    }
  }
}
