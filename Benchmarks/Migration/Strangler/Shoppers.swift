import Drills
import Platform
import Shop
import Synchronization
import Systems

/// Customers who come to the strangler's Shop at a constant rate, and who remember what they were
/// assured of.
final class Shoppers: LoadPolicy {
  /// A response that is not what the customer was assured of before.
  private(set) var wrong = 0
  /// Lines that were acknowledged and are not there, as customers find out.
  private(set) var lostLines = 0
  /// Nanoseconds between two good responses to customers with the old address.
  private(set) var longestGap: UInt64 = 1
  /// Nanoseconds of requests that only read and succeeded, from the time that each was due.
  private(set) var reads: [Double] = []
  let keeper = TruthKeeper()

  /// The group of connections that customers use.
  let front = Atomic(0)
  /// One request in so many is a customer's who has the old address; none where 0.
  var oldAddressIn = 0

  private let wire: ShopWire
  private(set) var shoppers: [Shopper]
  private var isBusy: [Bool]
  private var tasks: [Shopper.Task]
  private var turn = 0
  private var orders = 0
  private var digests: [UInt64]
  private var last: UInt64 = 0

  init(_ count: Int, wire: ShopWire) {
    self.wire = wire
    shoppers = (0..<count).map { Shopper(number: $0) }
    isBusy = .init(repeating: false, count: count)
    tasks = .init(repeating: .open, count: count)
    digests = .init(repeating: 0, count: count)
  }

  /// Before a load.
  func begin() {
    (wrong, lostLines, longestGap, last, reads) = (0, 0, 1, 0, [])
    for index in isBusy.indices { isBusy[index] = false }
  }

  /// Others come in their place.
  func leave() { for index in shoppers.indices { shoppers[index].leave() } }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    if last == 0 { last = exchange.now }
    if oldAddressIn > 0, request % oldAddressIn == oldAddressIn - 1 {
      wire.next = ShopAsk("GET", "/products/17").bytes
      return try send(request, of: -1, to: 1, on: exchange)
    }
    guard let free = isBusy.indices.first(where: { !isBusy[(turn + $0) % isBusy.count] }) else {
      return exchange.finish(request, nil)
    }
    let number = (turn + free) % isBusy.count
    turn = number + 1
    let task = shoppers[number].task
    (tasks[number], isBusy[number]) = (task, true)
    wire.next.removeAll(keepingCapacity: true)
    shoppers[number].write(task, into: &wire.next) {
      orders += 1
      return orders
    }
    if task == .buy { intend(number) }
    try send(request, of: number, to: front.load(ordering: .relaxed), on: exchange)
  }

  private func intend(_ number: Int) {
    let shopper = shoppers[number]
    guard let order = shopper.number, let session = shopper.session else { return }
    digests[number] = mixed(mixed(UInt64(session)) ^ UInt64(Shopper.sum(shopper.lines)))
    keeper.intend(order, digests[number])
  }

  private func send(
    _ request: Int, of number: Int, to group: Int, on exchange: Exchange
  ) throws(LoadError) {
    guard try exchange.sendReconnecting(request, to: group, tag: number) else {
      finish(number, nil)
      return exchange.finish(request, nil)
    }
  }

  func receive(_ answer: Answer?, to attempt: Attempt, on exchange: Exchange) throws(LoadError) {
    finish(attempt.tag, answer)
    exchange.finish(attempt.request, answer)
    guard answer?.status == .succeeded else { return }
    guard attempt.tag < 0 else {
      if tasks[attempt.tag].reads {
        reads.append(Double(exchange.now - exchange.due[attempt.request]))
      }
      return
    }
    longestGap = max(longestGap, exchange.now - last)
    last = exchange.now
  }

  private func finish(_ number: Int, _ answer: Answer?) {
    guard number >= 0 else { return }
    let task = tasks[number]
    isBusy[number] = false
    guard answer?.status == .succeeded else {
      let status = answer == nil ? 503 : wire.status
      if status == 401 { lostLines += shoppers[number].lines.count }
      return shoppers[number].fail(task, status: status)
    }
    let order = shoppers[number].number
    if !shoppers[number].succeed(task, String(decoding: wire.body, as: UTF8.self)) { wrong += 1 }
    if task == .buy, let order { keeper.acknowledge(order, digests[number]) }
  }
}
