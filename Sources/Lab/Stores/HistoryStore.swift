import Platform
import Results

/// The runs of a machine, one small file each: `history/20261122T184457Z.json.gz`. The newest
/// hundred are kept, of at most 4 MiB together.
struct HistoryStore {
  static let mostRuns = 100
  static let mostBytes = 4 << 20
  private static let ending = ".json.gz"

  private let path: String

  /// - Parameter folder: the machine's.
  init(folder: String) { path = folder + "/history" }

  /// The names sort by date.
  private var names: [String] { Files.names(in: path).filter { $0.hasSuffix(Self.ending) } }

  /// Keeps what this run measured itself; nothing where that is nothing. A run that goes on after
  /// an interruption replaces what it left.
  func keep(_ results: Results) throws {
    guard let entry = results.historyEntry else { return }
    let name = results.run.started.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    let bytes = try Gzip.compress(try StoredJSON.encode(entry, isCompact: true))
    try Files.write(bytes, to: "\(path)/\(name)\(Self.ending)")
    prune()
  }

  private func prune() {
    var total = 0
    for (index, name) in names.reversed().enumerated() {
      let file = "\(path)/\(name)"
      total += Files.size(file) ?? 0
      if index > 0, index >= Self.mostRuns || total > Self.mostBytes { Files.remove(file) }
    }
  }

  /// All runs, the oldest first. A file that can't be read is named and left alone.
  func load() -> [Results] {
    names.compactMap { name in
      do throws(LabError) { return try StoredJSON.load("\(path)/\(name)") } catch {
        Console.error("\(path)/\(name) is left out of the trends: \(Self.reason(error))")
        return nil
      }
    }
  }

  private static func reason(_ error: LabError) -> String {
    switch error {
    case .damagedResults(_, let reason): "\(reason); move it away"
    case .newerSchema(_, let found, _): "it has schema \(found); use a newer perflab"
    default: "\(error)"
    }
  }
}
