import Results

/// Where pages and charts lie under `Reports/<machine>/`, and how they find one another.
public struct PagePath: Equatable, Sendable {
  /// The folder: `memory`.
  public let area: String
  /// The file without its ending: `false-sharing`.
  public let name: String

  /// From an experiment's id. A results file may come from anywhere, so that nothing but letters,
  /// digits, `-` and `_` gets into a path.
  public init(_ experiment: ExperimentResult) {
    area = Self.safe(experiment.area)
    name = Self.safe(experiment.name)
  }

  /// From an id alone: `memory/false-sharing`.
  public init(id: String) {
    let parts = id.split(separator: "/", maxSplits: 1)
    area = Self.safe(parts.first.map(String.init) ?? "")
    name = Self.safe(parts.count > 1 ? String(parts[1]) : "")
  }

  /// What of a name may stand in a path.
  static func safe(_ text: String) -> String {
    let mapped = String(
      text.map { character in
        let isSafe =
          character.isASCII && (character.isLetter || character.isNumber)
          || character == "-" || character == "_"
        return isSafe ? character : "-"
      })
    return mapped.isEmpty ? "unnamed" : mapped
  }

  /// `memory/false-sharing.md`
  public var page: String { "\(area)/\(name).md" }
  /// `memory/false-sharing-speedup.svg`
  public var speedup: String { "\(area)/\(speedupFile)" }
  /// `memory/false-sharing-metric.svg`
  public var metric: String { "\(area)/\(metricFile)" }
  /// `memory/false-sharing-scaling.svg`
  var scaling: String { "\(area)/\(name)-scaling.svg" }

  /// `memory/false-sharing-terms.svg`
  public var terms: String { "\(area)/\(name)-terms.svg" }
  /// `cost/index-or-scan-decides.svg`
  var decides: String { "\(area)/\(name)-decides.svg" }
  /// `memory/false-sharing-trend.svg`
  public var trend: String { "\(area)/\(name)-trend.svg" }

  /// `flame/cpu/hot-path.json`: the profiles themselves.
  public var profiles: String { "flame/\(area)/\(name).json" }
  /// `flame/cpu/hot-path-strings.svg`
  func flame(_ variant: String) -> String { "flame/\(area)/\(name)-\(Self.safe(variant)).svg" }
  /// `flame/cpu/hot-path-strings.folded`
  func folded(_ variant: String) -> String {
    "flame/\(area)/\(name)-\(Self.safe(variant)).folded"
  }

  var speedupFile: String { "\(name)-speedup.svg" }
  var metricFile: String { "\(name)-metric.svg" }

  /// The index of the machine.
  public static let index = "README.md"
  /// The machine's numbers.
  public static let numbers = "numbers.md"
  static let numbersChart = "numbers.svg"

  /// A curve or surface of the machine's numbers: `numbers-staircase.svg`.
  static func series(_ name: String) -> String { "numbers-\(safe(name)).svg" }

  /// The curriculum with what was measured of it.
  public static let atlas = "atlas.md"

  static let indexSpeedups = "speedups.svg"
  static let indexPredictions = "predictions.svg"
}
