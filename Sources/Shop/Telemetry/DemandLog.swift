import Glibc
import Platform
import Synchronization

/// What one request has cost a worker.
public struct RequestDemand: Sendable, Equatable, BitwiseCopyable {
  /// Of what kind it was.
  public let route: Route
  /// Nanoseconds of processor time.
  public let cpu: UInt64
  /// Nanoseconds from the worker's first look at it to its response; the queue is not in it.
  public let whole: UInt64
  /// Of these, nanoseconds that the worker waited for a connection of the database, which other
  /// requests had.
  public let queued: UInt64
  /// Nanoseconds that it could have run but waited for a processor; 0 where the kernel does not say.
  public let delayed: UInt64

  /// Nanoseconds that the worker waited for what is no other request: the device, the payment, a lock
  /// of SQLite's.
  public var wait: UInt64 {
    let known = cpu + queued + delayed
    return whole > known ? whole - known : 0
  }
}

/// The demands of requests, until somebody takes them. They lie in memory that this process shares
/// with its copies: a Shop in a `ShopCopy` notes them, and this process reads them.
public final class DemandLog: @unchecked Sendable {
  // SAFETY (@unchecked): an entry belongs to the request that drew its number.

  private static let most = 1 << 20
  private static let first = 64
  private static let bytes = first + most * MemoryLayout<RequestDemand>.stride
  private let memory: UnsafeMutableRawPointer
  private let count: UnsafeMutablePointer<Atomic<Int>>
  private let demands: UnsafeMutablePointer<RequestDemand>
  /// Of the threads that have asked.
  private let delays = Mutex<[pthread_t: RunDelayMeter]>([:])

  /// What a thread's clocks say when a request begins.
  struct Begin {
    fileprivate let cpu, time, delay: UInt64
  }

  /// An empty one. It takes memory as it fills.
  /// - Throws: `SystemError` where there is no memory.
  public init() throws(SystemError) {
    let flags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE
    guard let memory = mmap(nil, Self.bytes, PROT_READ | PROT_WRITE, flags, -1, 0),
      memory != MAP_FAILED
    else { throw SystemError(call: "mmap", errno: errno) }
    self.memory = memory
    count = memory.bindMemory(to: Atomic<Int>.self, capacity: 1)
    count.initialize(to: Atomic(0))
    demands = (memory + Self.first).bindMemory(to: RequestDemand.self, capacity: Self.most)
  }

  deinit { munmap(memory, Self.bytes) }

  /// The calling thread begins with a request.
  func begin() -> Begin {
    let delay = delay()
    return Begin(cpu: ProcessorTimes.ofThread(), time: Clock.now(), delay: delay)
  }

  /// The same thread has ended it.
  /// - Parameter queued: nanoseconds that it waited for connections of the database.
  func add(_ route: Route, since begin: Begin, queued: UInt64) {
    let (whole, cpu) = (Clock.now() &- begin.time, ProcessorTimes.ofThread() &- begin.cpu)
    // While it waits for a connection it may also wait for a processor: counted once.
    let delayed = min(delay() &- begin.delay, whole - min(whole, cpu + queued))
    add(
      RequestDemand(route: route, cpu: cpu, whole: whole, queued: queued, delayed: delayed))
  }

  private func delay() -> UInt64 {
    let meter = delays.withLock { meters in
      if let known = meters[pthread_self()] { return known }
      let made = RunDelayMeter()
      meters[pthread_self()] = made
      return made
    }
    return meter.read() ?? 0
  }

  private func add(_ demand: RequestDemand) {
    let number = count.pointee.wrappingAdd(1, ordering: .relaxed).oldValue
    guard number < Self.most else { return }
    demands[number] = demand
  }

  /// Those that were noted since the last call. No request may be under way.
  public func taken() -> [RequestDemand] {
    let noted = min(count.pointee.exchange(0, ordering: .acquiringAndReleasing), Self.most)
    return Array(UnsafeBufferPointer(start: demands, count: noted))
  }
}
