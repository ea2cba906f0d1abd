import Results
import Statistics

/// Where `prepare` stands: a value of the sweep, in one worker process.
public struct Point: Sendable {
  /// In the axis's own unit.
  public let value: Int
  /// As the page shows it.
  public let label: String
  /// The same for all variants of one process, another in the next process.
  public let seed: UInt64
  /// The measuring processor, to which the calling thread is pinned, then the others in the order
  /// in which a team fills them. For kernels that place threads of their own.
  public let cpus: [Int]
  /// The number of the process among those of the point, from 0: they take turns at what takes too
  /// long to be done in each.
  public let turn: Int
  let teams: TeamSource
  /// Uncertain inputs that are not at their estimates, by name.
  let moved: [String: Double]

  /// - Parameters:
  ///   - teams: threads on the processors that the point may use.
  ///   - turn: of the process among those of the point.
  ///   - moved: values of uncertain inputs; the others stay at their estimates.
  init(
    _ parameter: Parameter, seed: UInt64, teams: TeamSource, turn: Int = 0,
    moved: [String: Double] = [:]
  ) {
    value = parameter.value
    label = parameter.label
    self.seed = seed
    cpus = teams.cpus
    self.turn = turn
    self.teams = teams
    self.moved = moved
  }

  /// Random numbers for the input, from the seed.
  public func generator() -> SeededGenerator { SeededGenerator(seed: seed) }

  /// Pinned threads that wait for work, the calling thread being the first of them.
  /// All variants of a process share one team of a size.
  /// - Throws: `TeamError` where the process may not use that many processors.
  public func team(_ count: Int) throws -> Team { try teams.team(count) }
}
