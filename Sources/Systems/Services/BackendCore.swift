import NIOCore
import Statistics

/// Where a job's answer goes.
protocol AnswersJob: AnyObject {
  func answer(_ status: Answer.Status)
}

/// The part of a backend that serves. For its event loop alone.
final class BackendCore {
  private let loop: any EventLoop
  private var behaviour: Behaviour
  private var queue: ServiceQueue
  private var random: SeededGenerator
  private var clients: [Int: any AnswersJob] = [:]
  private var counts = BackendCounts()
  private var lastNumber = 0
  private var timer: Scheduled<Void>?
  private var timerTime: UInt64 = .max

  init(_ loop: any EventLoop, _ behaviour: Behaviour, seed: UInt64) {
    self.loop = loop
    self.behaviour = behaviour
    random = Self.random(seed)
    queue = ServiceQueue(
      places: behaviour.places, limit: behaviour.queue, stall: behaviour.stall)
  }

  private static func random(_ seed: UInt64) -> SeededGenerator {
    SeededGenerator(seed: seed, stream: 0xBAC_7E4D)
  }

  func behave(_ behaviour: Behaviour, seed: UInt64?) {
    self.behaviour = behaviour
    if let seed { random = Self.random(seed) }
    (queue.places, queue.limit, queue.stall) = (
      behaviour.places, behaviour.queue, behaviour.stall
    )
    let now = Self.now
    queue.startNext(at: now)
    settle(at: now)
  }

  func takeCounts() -> BackendCounts {
    defer { counts = BackendCounts() }
    return counts
  }

  /// Serves a request.
  /// - Returns: the job's number, for `cancel`; nil where it was rejected.
  func arrive(_ client: any AnswersJob, demand: UInt64) -> Int? {
    counts.arrived += 1
    lastNumber += 1
    var demand = demand
    if case .drawn(let times) = behaviour.service { demand = times.draw(&random) }
    if behaviour.slowness != 1 { demand = UInt64(Double(demand) * behaviour.slowness) }
    let now = Self.now
    // What has ended by now makes room first, though its timer may be late.
    settle(at: now)
    guard queue.arrive(lastNumber, demand: demand, at: now) else {
      counts.rejected += 1
      client.answer(.rejected)
      return nil
    }
    let number = lastNumber
    clients[number] = client
    counts.mostWaiting = max(counts.mostWaiting, queue.waitingCount)
    settle(at: now)
    return number
  }

  /// Takes a job back; it is answered at once. Nothing where it has ended.
  func cancel(_ number: Int) {
    let now = Self.now
    guard queue.cancel(number, at: now) else { return }
    counts.cancelled += 1
    clients.removeValue(forKey: number)?.answer(.cancelled)
    settle(at: now)
  }

  /// Answers what has ended, and sets the timer for what ends next.
  private func settle(at now: UInt64) {
    while let number = queue.finish(upTo: now) {
      counts.served += 1
      let fails = behaviour.failures > 0 && random.share() <= behaviour.failures
      if fails { counts.failed += 1 }
      clients.removeValue(forKey: number)?.answer(fails ? .failed : .succeeded)
    }
    guard let next = queue.next, next != timerTime else { return }
    timer?.cancel()
    timerTime = next
    let core = NIOLoopBound(self, eventLoop: loop)
    timer = loop.scheduleTask(deadline: .uptimeNanoseconds(next)) {
      core.value.timerTime = .max
      core.value.settle(at: Self.now)
    }
  }

  private static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }
}
