import Harness
import LoadBenches
import Systems

/// A client with a pool of connections to one backend, and the waits for them.
final class PooledClient: LoadedServers {
  let rate: Double
  let waits = Recorder()

  init(_ point: Point, size: Int, service nanoseconds: Double) throws {
    rate = Double(point.value) * 1e9 / nanoseconds
    try super.init(point, [Behaviour()], connections: size)
  }
}
