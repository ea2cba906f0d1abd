import Glibc
import Systems

/// What experiments on load share.
enum LoadBench {
  /// Requests per second. A build for debugging, with which nothing is measured, can't keep up with
  /// the load of an optimised one.
  static func rate(_ rate: Double) -> Double {
    #if DEBUG
      rate / 50
    #else
      rate
    #endif
  }

  /// See `OpenLoop.tolerance`: tests do not judge the generator on a busy machine.
  static var tolerance: Double {
    #if DEBUG
      .infinity
    #else
      0.05
    #endif
  }

  /// The figures of a load; a void one, which something else on the machine has disturbed, is
  /// repeated a few times.
  ///
  /// A kernel can't throw: where the load stays void this ends the worker with one line, which
  /// becomes the point's failure.
  static func figures(_ load: () throws(LoadError) -> LoadResult) -> LoadResult {
    for _ in 0..<4 {
      do throws(LoadError) { return try load() } catch {
        switch error {
        case .late, .noFreeConnection: continue
        default: end("\(error)")
        }
      }
    }
    do throws(LoadError) { return try load() } catch { end("\(error)") }
  }

  /// Ends the worker with one line.
  static func end(_ reason: String) -> Never {
    let words = Array("\(reason)\n".utf8)
    _ = write(2, words, words.count)
    _exit(1)
  }
}

/// Backends that share the thread of one event loop, on the second of the point's processors, and
/// the connections to them.
final class LoadedServers {
  let backends: [Backend]
  let exchange: Exchange
  private let loops: EventLoops

  /// - Parameters:
  ///   - cpu: of the event loop.
  ///   - behaviours: one for each backend.
  ///   - connections: to each.
  init(on cpu: Int, _ behaviours: [Behaviour], connections: Int, seed: UInt64) throws {
    let loops = try EventLoops(cpus: [cpu])
    backends = try behaviours.enumerated().map {
      try Backend(on: loops.loops[0], $0.element, seed: seed &+ UInt64($0.offset))
    }
    exchange = try Exchange(
      backends.map { Exchange.Group($0.endpoint, connections: connections) },
      wire: EchoProtocol())
    self.loops = loops
  }
}
