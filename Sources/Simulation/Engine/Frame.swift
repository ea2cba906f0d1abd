/// A call that is under way: of a request, at one node of its route. 64 bytes.
///
/// The frames of a request are a tree, like the stacks of threads that wait for each other.
struct Frame {
  /// In `parent`: a request's first frame.
  static let request: Int32 = -1
  /// In `parent`: nobody waits for this frame any more.
  static let orphan: Int32 = -2
  static let none: Int32 = -1

  enum Phase: UInt8 { case new, waiting, serving, calling, going, returning }

  var node: UInt16 = 0
  var source: UInt16 = 0
  var phase = Phase.new
  var priority: UInt8 = 0
  /// Whether the request writes.
  var isWrite = false
  /// Whether this is a further copy: a retry or a hedge.
  var isRepeat = false
  var parent = Frame.request
  /// The first of the frames that this one waits for, then the list of its siblings.
  var child = Frame.none
  var next = Frame.none
  var previous = Frame.none
  /// In the queue of a replica, or among those that it serves.
  var behind = Frame.none
  var ahead = Frame.none
  /// The replica, or the copy of a cache.
  var place = Frame.none
  var generation: UInt32 = 0
  /// By node: attempts, steps, answers that are still needed, a version.
  var count: Int32 = 0
  var key: Int32 = 0
  /// When the frame was entered.
  var started = 0.0
  /// Service demand, or a number of the node's own.
  var work = 0.0
}

/// How a call ends.
enum Ending: UInt8 {
  case success, failed, rejected, timedOut, dropped, refused

  static let count = 6
}

/// A step of a route, as the engine sees it.
struct Node {
  enum Kind: UInt8 {
    case tier, everyReplica, delay, store, sequence, parallel, choice, again, byKind, link, cache
    case fallback, timeout, retry, hedge, breaker, background
  }

  var kind: Kind
  /// What becomes of what is left over.
  var leftovers = Leftovers.kept
  /// Whether the frame's place has been chosen already.
  var isPlaced = false
  /// The steps below: `count` from `first` on in the list of steps.
  var first: Int32 = 0
  var count: Int32 = 0
  /// A tier, cache, store, breaker or budget.
  var object: Int32 = 0
  /// The stream and distribution that belong to it.
  var draw: Int32 = 0
  var needed: Int32 = 0
  /// A duration or a probability.
  var amount = 0.0
}
