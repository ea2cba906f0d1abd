import Results

/// How far a point has come: a value that can be kept and continued.
struct PointProgress: Codable, Sendable {
  /// In the order of time.
  var records: [ProcessRecord] = []
  /// Nil before the first process, which measures how long calls take; and of a simulation.
  var pace: Pace?
  /// Why it ended; `interrupted` before that.
  var stop = StopReason.interrupted
  /// Of all of it.
  var wallSeconds = 0.0
  /// Passes that it has been through.
  var passes = 0

  /// How many calls make a sample, the same number for every variant, and how many blocks a
  /// message.
  struct Pace: Codable, Sendable {
    let iterations: Int
    let batch: Int
    /// A message must stay short.
    static let largestBatch = 64

    /// By instance: filling caches and waking sleepers is not the subject, except where it is lost
    /// in a long call; a turn of another process leaves nothing warm.
    let warmUpCalls: [Int]

    /// Whether each sample is one call, before which nothing is warmed up.
    var isOfLongCalls: Bool { iterations == 1 && warmUpCalls.allSatisfy { $0 == 0 } }
  }
}
