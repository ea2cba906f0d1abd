import Glibc
import Harness
import Results

/// Which experiments a command selects.
enum Selection {
  /// Those that match any of the patterns (`memory/*`, `cpu/simd-dot-product`), in catalog order;
  /// all of them without a pattern.
  static func experiments(
    matching patterns: [String], in catalog: [Experiment]
  ) throws(LabError) -> [Experiment] {
    let chosen = try ids(matching: patterns, in: catalog.map(\.id))
    return catalog.filter { chosen.contains($0.id) }
  }

  /// Those of a list such as `cpu/*, memory/arena`: no id has a comma or a blank in it.
  /// - Throws: where there is a list and nothing in it: it does not mean all.
  static func patterns(in list: String?) throws(LabError) -> [String] {
    guard let list else { return [] }
    let patterns = list.split { $0 == "," || $0.isWhitespace }.map(String.init)
    guard !patterns.isEmpty else { throw .invalid("--only names no experiment") }
    return patterns
  }

  /// The stored results that match any of the patterns.
  /// - Throws: where no experiment matches, or none of those that match has such a result.
  static func results(
    matching patterns: [String], in results: [ExperimentResult], of path: String
  ) throws(LabError) -> [ExperimentResult] {
    let catalog = LabContext.current.catalog.map(\.id)
    let others = results.map(\.id).filter { !catalog.contains($0) }
    let chosen = try ids(matching: patterns, in: catalog + others)
    let found = results.filter { chosen.contains($0.id) }
    guard !found.isEmpty || results.isEmpty else {
      throw .noResultOf(patterns.joined(separator: ", "), path: path)
    }
    return found
  }

  /// The ids that match any of the patterns; all of them without a pattern.
  static func ids(
    matching patterns: [String], in all: [String]
  ) throws(LabError) -> Set<String> {
    if patterns.isEmpty { return Set(all) }
    var chosen: Set<String> = []
    for pattern in patterns {
      let ids = all.filter { fnmatch(pattern, $0, 0) == 0 }
      if ids.isEmpty {
        if pattern.contains(where: { "*?[".contains($0) }) {
          throw .nothingSelected(pattern: pattern)
        }
        throw .unknownExperiment(pattern, nearest: nearest(to: pattern, in: all))
      }
      chosen.formUnion(ids)
    }
    return chosen
  }

  static func experiment(_ id: String, in catalog: [Experiment]) throws(LabError) -> Experiment {
    guard let found = catalog.first(where: { $0.id == id }) else {
      throw .unknownExperiment(id, nearest: nearest(to: id, in: catalog.map(\.id)))
    }
    return found
  }

  /// Up to three names that are near enough to be meant.
  static func nearest(to name: String, in names: [String]) -> [String] {
    names.map { ($0, distance(name, $0, area: $0.split(separator: "/").last.map(String.init))) }
      .filter { $0.1 <= max(2, name.count / 2) }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
      .prefix(3).map(\.0)
  }

  /// The smaller of the distances to the whole id and to its name without the area.
  private static func distance(_ typed: String, _ id: String, area name: String?) -> Int {
    min(editDistance(typed, id), name.map { editDistance(typed, $0) } ?? .max)
  }

  /// Levenshtein's distance, in characters.
  static func editDistance(_ first: String, _ second: String) -> Int {
    let columns = Array(second)
    var row = Array(0...columns.count)
    for (index, character) in first.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in columns.indices {
        let substituted = diagonal + (columns[column] == character ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substituted, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[columns.count]
  }
}
