import CPerflab
import Harness
import Platform
import Simulation
import Synchronization
import Techniques

/// Two regions that change the same carts, and the link between them, which is cut for a while.
/// Times are seconds.
enum Regions {
  static let carts = 60
  /// Between two changes of a cart, to the other region, and of a run.
  static let (gap, delay, window) = (0.02, 0.001, 0.2)
  /// What is sent meanwhile arrives after it.
  static let cut = 0.08..<0.1

  struct Change: Sendable {
    let (time, region, cart, item): (Double, Int, Int, Int)
    /// Whether it removes something that is seen there, which of it by `choice`, 0 to 1.
    let (removes, choice): (Bool, Double)
  }

  /// The changes of all carts by time. Seven of ten add something new.
  static func changes(seed: UInt64) -> [Change] {
    var random = RandomStream(seed: seed, "changes")
    var (time, changes): (Double, [Change]) = (0, [])
    while true {
      time += random.exponential(mean: gap / Double(carts))
      guard time < window else { return changes }
      changes.append(
        Change(
          time: time, region: random.index(below: 2), cart: random.index(below: carts),
          item: changes.count, removes: random.happens(with: 0.3), choice: random.uniform()))
    }
  }

  /// When something arrives that was sent at a time.
  static func arrival(of time: Double) -> Double {
    (cut.contains(time) ? cut.upperBound : time) + delay
  }
}

/// The carts as one region has them.
struct Region {
  /// A cart on its way to the other region.
  struct Message: Sendable {
    let (cart, state, due): (Int, Cart, Double)
  }

  private let (number, kind): (Int, Cart.Kind)
  private var carts = [Cart](repeating: Cart(), count: Regions.carts)
  private(set) var received = 0
  /// The last word on each item: when it was changed here, and whether it was wanted then.
  private var wanted: [Int: (cart: Int, time: Double, isAdded: Bool)] = [:]

  init(_ number: Int, _ kind: Cart.Kind) { (self.number, self.kind) = (number, kind) }

  mutating func make(_ change: Regions.Change, at time: Double, skew: Double) -> Message {
    let shown = carts[change.cart].elements(kind).sorted()
    let removed =
      change.removes && !shown.isEmpty ? shown[Int(change.choice * Double(shown.count))] : nil
    let item = removed ?? change.item
    carts[change.cart].change(
      item, isAdded: removed == nil, at: time + (number == 0 ? skew : 0), node: number)
    wanted[item] = (change.cart, time, removed == nil)
    return Message(
      cart: change.cart, state: carts[change.cart], due: Regions.arrival(of: time))
  }

  mutating func receive(_ message: Message) {
    carts[message.cart].merge(message.state)
    received += 1
  }

  /// The share of items that both regions show as the last change of them wanted.
  static func kept(_ regions: [Region]) -> Double {
    let wanted = regions[0].wanted.merging(regions[1].wanted) { $0.time > $1.time ? $0 : $1 }
    let kept = wanted.count { item, last in
      regions.allSatisfy {
        $0.carts[last.cart].elements($0.kind).contains(item) == last.isAdded
      }
    }
    return Double(kept) / Double(max(1, wanted.count))
  }

  /// Simulates both, one change after the other.
  static func simulated(_ kind: Cart.Kind, skew: Double, seed: UInt64) -> Double {
    var regions = [Region(0, kind), Region(1, kind)]
    var (underWay, first): ([(to: Int, message: Message)], Int) = ([], 0)
    for change in Regions.changes(seed: seed) {
      while first < underWay.count, underWay[first].message.due <= change.time {
        regions[underWay[first].to].receive(underWay[first].message)
        first += 1
      }
      underWay.append(
        (1 - change.region, regions[change.region].make(change, at: change.time, skew: skew)))
    }
    for late in underWay[first...] { regions[late.to].receive(late.message) }
    return kept(regions)
  }
}

/// Both regions as threads, each on a processor of its own, which change carts when users do and send
/// each other what they have.
final class RegionThreads {
  private(set) var kept = 0.0
  private let team: Team
  private let (skew, seed): (Double, UInt64)
  private let running = Atomic<Int>(0)
  private var number: UInt64 = 0

  /// A region, and what is on its way to it.
  private final class End: Sendable {
    let region: Mutex<Region>
    let messages = Mutex<[Region.Message]>([])

    init(_ region: Region) { self.region = Mutex(region) }

    /// What has arrived by a time; all where it is infinite.
    func taken(upTo time: Double) -> [Region.Message] {
      messages.withLock { messages in
        let count = messages.firstIndex { $0.due > time } ?? messages.count
        defer { messages.removeFirst(count) }
        return Array(messages[..<count])
      }
    }
  }

  init(_ point: Point) throws {
    (team, seed) = (try point.team(2), point.seed)
    skew = Double(point.value) / 1_000
  }

  /// - Returns: changes of which the other region has not heard in the end.
  func run(_ kind: Cart.Kind) -> UInt64 {
    number += 1
    let changes = Regions.changes(seed: seed &+ number)
    let ends = [End(Region(0, kind)), End(Region(1, kind))]
    running.store(2, ordering: .sequentiallyConsistent)
    let start = Clock.now() + 100_000
    team.run { here in
      ends[here].region.withLock { region in
        for change in changes where change.region == here {
          var now = Self.seconds(since: start)
          while now < change.time {
            for message in ends[here].taken(upTo: now) { region.receive(message) }
            perflab_spin_hint()
            now = Self.seconds(since: start)
          }
          let message = region.make(change, at: now, skew: skew)
          ends[1 - here].messages.withLock { $0.append(message) }
        }
        running.subtract(1, ordering: .sequentiallyConsistent)
        while running.load(ordering: .sequentiallyConsistent) > 0 { perflab_spin_hint() }
        for message in ends[here].taken(upTo: .infinity) { region.receive(message) }
      }
    }
    let regions = ends.map { $0.region.withLock { $0 } }
    kept = Region.kept(regions)
    return UInt64(changes.count - regions.reduce(0) { $0 + $1.received })
  }

  private static func seconds(since start: UInt64) -> Double {
    Double(Int64(bitPattern: Clock.now() &- start)) / 1e9
  }
}
