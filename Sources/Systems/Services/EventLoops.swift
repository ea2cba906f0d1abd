import NIOCore
import NIOPosix
import Platform

/// Threads of SwiftNIO, each pinned to a processor. They sleep while there is nothing to do.
public final class EventLoops: Sendable {
  /// One for each processor, in their order.
  public let loops: [any EventLoop]
  private let groups: [MultiThreadedEventLoopGroup]

  /// - Parameter cpus: one thread for each; the same one may be named again.
  /// - Throws: `AffinityRefused` where a processor may not be used.
  public init(cpus: [Int]) throws(AffinityRefused) {
    let before = try Affinity.allowed()
    var groups: [MultiThreadedEventLoopGroup] = []
    var refusal: AffinityRefused?
    for cpu in cpus {
      // A thread starts on the processors of the one that makes it.
      do { try Affinity.restrict(to: [cpu]) } catch {
        refusal = error
        break
      }
      groups.append(MultiThreadedEventLoopGroup(numberOfThreads: 1))
    }
    try? Affinity.restrict(to: before)
    self.groups = groups
    loops = groups.map { $0.next() }
    if let refusal { throw refusal }
  }

  deinit { for group in groups { group.shutdownGracefully { _ in } } }
}
