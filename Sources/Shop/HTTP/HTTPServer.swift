import Glibc
import NIOCore
import NIOPosix
import Platform
import Systems

/// The Shop's threads and sockets.
final class HTTPServer: Sendable {
  let endpoint: Endpoint
  let parts: ServerParts
  private let listener: any Channel
  private let loops: MultiThreadedEventLoopGroup

  /// Starts to listen on loopback.
  /// - Parameter socket: one that listens already, which the server takes over; nil to open one.
  /// - Throws: `ShopRefused`.
  init(_ application: Application, listening socket: Socket?) throws(ShopRefused) {
    let settings = application.settings
    // Threads start on the processors of the thread that makes them.
    let before = settings.cpus == nil ? nil : try? Affinity.allowed()
    if let cpus = settings.cpus { try? Affinity.restrict(to: cpus) }
    defer { if let before { try? Affinity.restrict(to: before) } }
    let limit = settings.has(.unboundedQueue) ? Int.max : settings.queue
    let workers: Workers
    do { workers = try Workers(threads: settings.workers, limit: limit) } catch {
      throw .folder("the process", reason: "\(error)")
    }
    let parts = ServerParts(application: application, workers: workers, visits: Visits())
    self.parts = parts
    loops = MultiThreadedEventLoopGroup(numberOfThreads: settings.loops)
    do {
      listener = try Self.listen(on: loops, parts, settings.port, socket)
    } catch {
      workers.close()
      try? loops.syncShutdownGracefully()
      throw .port(settings.port, reason: Self.reason(error))
    }
    endpoint = .loopback(port: UInt16(listener.localAddress?.port ?? 0))
    application.showGauges { [workers, visits = parts.visits] in
      [
        Gauge(name: "shop_workers_busy", help: "Workers that serve", value: workers.busy),
        Gauge(name: "shop_queue_length", help: "Requests that wait", value: workers.waiting),
        Gauge(
          name: "shop_connections_open", help: "Connections of clients",
          value: visits.connections),
      ]
    }
  }

  private static func listen(
    on loops: MultiThreadedEventLoopGroup, _ parts: ServerParts, _ port: UInt16,
    _ socket: Socket?
  ) throws -> any Channel {
    let bootstrap = ServerBootstrap(group: loops)
      .serverChannelOption(.backlog, value: 4_096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try ConnectionSetup(parts: parts).begin(channel) }
      }
    guard let socket else {
      return try bootstrap.bind(host: "127.0.0.1", port: Int(port)).wait()
    }
    let copy = fcntl(socket.descriptor, F_DUPFD_CLOEXEC, 0)
    return try bootstrap.withBoundSocket(copy).wait()
  }

  private static func reason(_ error: any Error) -> String {
    (error as? IOError).map { SystemError.describe($0.errnoCode) } ?? "\(error)"
  }

  /// Accepts no more connections; those that wait to be accepted are reset, unless another server
  /// has the same socket.
  func stopListening() { try? listener.close().wait() }

  private func waitForConnections(_ seconds: Double) {
    let deadline = Clock.now() + UInt64(seconds * 1e9)
    while parts.visits.connections > 0, Clock.now() < deadline { usleep(1_000) }
  }

  /// Answers what is under way, then ends all threads.
  /// - Parameter seconds: that this may take.
  func stop(within seconds: Double) {
    stopListening()
    parts.visits.end()
    waitForConnections(parts.application.settings.idleSeconds)
    parts.visits.endIdle()
    waitForConnections(seconds)
    parts.application.close()
    parts.workers.close()
    parts.visits.closeAll()
    try? loops.syncShutdownGracefully()
  }
}
