import Harness
import Results

/// The model of a walk along lists: what a node costs.
struct ListWalk {
  private let question: Question
  private let size: ListSize
  /// Time of an addition in a chain.
  private let addition: Time
  /// Time of the reference counting of a class node, of another object each time.
  private let counting: Time
  private let sample: SampleRounds
  /// Bytes of all variants' lists: class nodes twice, since the baseline has two instances; links;
  /// values.
  private let allBytes: Double

  init(_ question: Question) throws(MissingNumber) {
    let size = ListSize.all[question.value]
    (self.question, self.size) = (question, size)
    addition = try question.time("add.integer.latency")
    let level = question.home(of: size.bytes(48)) == .l1 ? "l1" : "l2"
    counting = try question.time("retain.release.next.\(level)")
    allBytes = size.bytes(48 + 48 + 8 + 4)
    let load =
      size.isAged ? try question.chaseLatency(in: allBytes) : try question.latency(of: .l1)
    sample = SampleRounds(
      visits: ListSize.steps, of: Double(size.nodes), fastest: addition.value,
      slowest: max(counting, load).value)
  }

  /// What the question's variant costs for a node.
  var model: Model {
    get throws(MissingNumber) {
      switch question.variant {
      case "class nodes":
        return Model(longest(counting.named("retain and release"), try step(48)))
      case "indices in an array":
        let address = longest(.zero, try question.indexedLoad() - question.latency(of: .l1))
        return Model(try step(8) + address.named("address computation"))
      default:
        let end = try question.time("branch.miss") / Double(min(size.nodes, ListSize.steps))
        // What the warm-up has not visited, the other variants' lists have evicted. The memory
        // mountain has no strides below 8 bytes.
        let first = min(1, max(0, (1 - sample.earlier) / sample.count))
        func values(in set: Double) throws(MissingNumber) -> Time {
          try question.scan(4, loadEvery: 8, of: set, compute: question.loopStep())
        }
        let walk =
          first == 0
          ? try values(in: size.bytes(4))
          : first * (try values(in: allBytes)) + (1 - first) * (try values(in: size.bytes(4)))
        return Model(walk + end.named("misprediction at the end of a pass"))
      }
    }
  }

  /// Time to an element of `bytes` to which the last one leads.
  private func step(_ bytes: Double) throws(MissingNumber) -> Time {
    let own = size.bytes(bytes)
    guard size.isAged else {
      let load = try question.latency(of: .l1).named("dependent load")
      return try question.streaming(bytes, of: own, compute: load)
    }
    let share = sample.firstVisits(perLine: 64 / bytes)
    // The other variants' lists evict the lines; translations are soon cached again where they fit.
    var first = try question.chaseLatency(in: allBytes)
    let reach = try question.size("tlb.reach").value
    if own <= reach && allBytes > reach { first = first - (try question.time("tlb.walk")) }
    return (share * first).named("first visits to a line")
      + ((1 - share) * (try again(bytes, in: own))).named("later visits to a line")
  }

  /// Latency from a link to the next in `own` bytes of them, all visited at random again and again.
  /// Lines that are visited once a pass are on a cycle through all. Of the several visits to a line
  /// with many links all but one find it in a cache by the cache's share of all lines.
  private func again(_ bytes: Double, in own: Double) throws(MissingNumber) -> Time {
    let once = min(1, bytes / 64)
    return once * (try question.chaseLatency(in: own))
      + (1 - once) * (try question.randomLatency(in: own))
  }
}
