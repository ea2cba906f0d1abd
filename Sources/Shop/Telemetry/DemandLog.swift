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

  /// Nanoseconds that the worker waited: for the database's lock, the device, the payment.
  public var wait: UInt64 { whole > cpu ? whole - cpu : 0 }
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

  func add(_ route: Route, cpu: UInt64, whole: UInt64) {
    let number = count.pointee.wrappingAdd(1, ordering: .relaxed).oldValue
    guard number < Self.most else { return }
    demands[number] = RequestDemand(route: route, cpu: cpu, whole: whole)
  }

  /// Those that were noted since the last call. No request may be under way.
  public func taken() -> [RequestDemand] {
    let noted = min(count.pointee.exchange(0, ordering: .acquiringAndReleasing), Self.most)
    return Array(UnsafeBufferPointer(start: demands, count: noted))
  }
}
