import Glibc
import Statistics
import Synchronization
import Systems

/// A wait as long as a distribution says: what stands for a machine at the other end of a network.
final class Delay: Sendable {
  private let durations: Durations
  private let random = Mutex(SeededGenerator(seed: 1, stream: 0xDE1A))

  init(_ durations: Durations) { self.durations = durations }

  /// Sleeps.
  func wait() {
    if durations == .constant(0) { return }
    let nanoseconds = random.withLock { durations.draw(&$0) }
    var wanted = timespec(
      tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    var rest = timespec()
    while nanosleep(&wanted, &rest) != 0 && errno == EINTR { wanted = rest }
  }
}
