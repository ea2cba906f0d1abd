import CPerflab
import Platform

/// The thread that carries a link's packets in both directions.
///
/// It sleeps until a packet comes or shortly before one is due, and spins only for the rest, since
/// the kernel ends a sleep some tens of microseconds late. With nothing under way it sleeps.
final class Relay: @unchecked Sendable {
  // SAFETY (@unchecked): the paths are used by the relay's thread alone; the rest is constant.

  private let devices: (Int32, Int32)
  private let stop: Int32
  private let cpu: Int?
  private var there: RelayedPath
  private var back: RelayedPath

  /// In nanoseconds, before a packet is due: the thread wakes up.
  private static let spin: Int64 = 60_000

  /// - Parameters:
  ///   - devices: of the two hosts, which stay the caller's.
  ///   - stop: ends it once it can be read.
  ///   - cpu: where its thread runs; nil for wherever the kernel puts it.
  init(
    _ devices: (Int32, Int32), there: consuming RelayedPath, back: consuming RelayedPath,
    stop: Int32, cpu: Int?
  ) {
    self.devices = devices
    self.there = there
    self.back = back
    self.stop = stop
    self.cpu = cpu
  }

  /// Starts its thread.
  func start() throws(SystemError) -> ServerThread {
    try ServerThread(on: cpu, isJoined: true) { self.run() }
  }

  private func run() {
    perflab_sleep_exactly()
    let descriptors = [devices.0, devices.1, stop]
    var mayHaveCome: Int32 = 0b11
    while mayHaveCome & 0b100 == 0 {
      if mayHaveCome & 0b01 != 0 { there.takeIn() }
      if mayHaveCome & 0b10 != 0 { back.takeIn() }
      there.deliver()
      back.deliver()
      mayHaveCome = wait(descriptors)
    }
  }

  /// Until there may be something to do.
  /// - Returns: a bit for each descriptor that may be readable.
  private func wait(_ descriptors: [Int32]) -> Int32 {
    guard let due = [there.due, back.due].compactMap({ $0 }).min() else {
      return perflab_wait_readable(descriptors, -1)
    }
    let left = Int64(due) - Int64(Clock.now()) - Self.spin
    return left > 0 ? perflab_wait_readable(descriptors, left) : 0b11
  }
}
