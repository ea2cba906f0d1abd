/// A tier during a run.
struct TierState {
  /// The stream of its service times; behind it that of retries and hedges.
  var service: Int32
  /// The stream of the balancer's choices.
  var choices: Int32
  var servers: Int32
  var capacity: Int32
  var discipline: Discipline
  var balancer: Balancer
  var sampled: Int32
  var firstReplica: Int32
  var replicaCount: Int32
  var maximumAge: Double
  /// Seconds that a place works longer where it was idle.
  var setup: Double
  /// Whether frames in service are listed, since their replica may fail.
  var listsServing: Bool
  /// The replicas that the balancer knows to be there.
  var known: UnsafeMutablePointer<Int32>
  var knownCount: Int32
  var turn: Int32 = 0
  var inSystem = 0
  var busy = 0
  /// Replicas that are up, and those that are paid for.
  var up = 0
  var paid = 0
  /// When the gauges were brought up to date.
  var touched = 0.0
  var counts = TierCounts()

  enum Discipline: UInt8 { case fifo, lifo, sharing, priority }
  enum Balancer: UInt8 { case random, roundRobin, leastOf, leastLoaded, hash, sameAsCaller }
}

/// What is counted of a tier, from the end of the warm-up on.
struct TierCounts {
  var arrivals = 0
  var begun = 0
  var waited = 0
  var served = 0
  var rejected = 0
  var failed = 0
  var dropped = 0
  var waitSeconds = 0.0
  /// Integrals over time.
  var inSystem = 0.0
  var busy = 0.0
  var up = 0.0
  var paid = 0.0
  var mostPaid = 0
}

/// One replica of a tier.
struct Replica {
  var tier: Int32
  /// Within the tier.
  var index: Int32
  var firstQueue: Int32
  var busy: Int32 = 0
  var waiting: Int32 = 0
  var inSystem: Int32 = 0
  var isUp = true
  /// Whether it belongs to the tier at present: an autoscaler adds and removes.
  var isMember: Bool
  /// Whether the balancer has it in its list.
  var isKnown = false
  /// Whether it is paid for and does not serve yet.
  var isBooting = false
  var bootEnds = 0.0
  /// Service takes this many times as long.
  var pace = 1.0
  /// Frames in service, where they are listed.
  var serving = Frame.none
  /// Processor sharing: the work that each request in service has got since the beginning, in
  /// seconds of a place of its own, and when that was so.
  var work = 0.0
  var touched = 0.0
  var generation: UInt32 = 0
}

/// Frames that wait for a place, doubly linked.
struct Queue {
  var head = Frame.none
  var tail = Frame.none
}
