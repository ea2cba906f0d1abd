import Glibc
import Harness
import NIOCore
import NIOPosix
import Platform
import Shop
import Systems

/// A server that asks another service for each request and has nothing to do meanwhile: in threads
/// that wait, or in timers of an event loop. Both read and write in the same loop.
final class WaitingServer {
  /// Nanoseconds that the other service takes.
  static let wait = 5_000_000
  /// Of a call: two of each client, and eight of each thread of a small pool.
  static func requests(of clients: Int) -> Int { Releases.areFew ? 40 : max(64, 2 * clients) }

  /// How a request waits.
  enum Waiting: Sendable {
    /// In one of so many threads.
    case threads(Int)
    /// In none.
    case timer
  }

  private let loops: EventLoops
  private let pool: NIOThreadPool?
  private let listener: any Channel
  private let exchange: Exchange
  private let clients: Int

  /// - Parameters:
  ///   - wait: nanoseconds.
  init(_ point: Point, _ waiting: Waiting, wait: Int = WaitingServer.wait) throws {
    clients = point.value
    let cpu = point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]
    loops = try EventLoops(cpus: [cpu])
    var pool: NIOThreadPool?
    if case .threads(let count) = waiting {
      let made = NIOThreadPool(numberOfThreads: count)
      made.start()
      pool = made
    }
    self.pool = pool
    listener = try ServerBootstrap(group: loops.loops[0])
      .serverChannelOption(.backlog, value: 4_096)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { [pool] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(WaitingHandler(pool, wait))
        }
      }
      .bind(host: "127.0.0.1", port: 0).wait()
    let endpoint = Endpoint.loopback(port: UInt16(listener.localAddress?.port ?? 0))
    exchange = try Exchange(
      [.init(endpoint, connections: clients)], wire: PathsProtocol(["/report"]))
  }

  deinit {
    listener.close(promise: nil)
    pool?.shutdownGracefully { _ in }
  }

  /// - Returns: the digest of all responses.
  func serve() throws -> UInt64 {
    let load = ClosedLoop(users: clients, seconds: 60, most: Self.requests(of: clients), seed: 1)
    let result = try load.run(on: exchange)
    return result.failed == 0 ? result.digest : 0
  }

  /// Nanoseconds of a request that waits for nothing, under the same load.
  static func ownTime(_ point: Point) throws -> Double {
    let server = try WaitingServer(point, .timer, wait: 0)
    _ = try server.serve()
    let start = Clock.now()
    _ = try server.serve()
    return Double(Clock.now() - start) / Double(requests(of: point.value))
  }
}

/// One connection; its requests come whole, one at a time.
private final class WaitingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private static let response = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

  private let pool: NIOThreadPool?
  private let wait: Int

  init(_ pool: NIOThreadPool?, _ wait: Int) {
    self.pool = pool
    self.wait = wait
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let (channel, wait) = (context.channel, wait)
    guard let pool else {
      guard wait > 0 else { return channel.writeAndFlush(Self.response, promise: nil) }
      context.eventLoop.scheduleTask(in: .nanoseconds(Int64(wait))) {
        channel.writeAndFlush(Self.response, promise: nil)
      }
      return
    }
    pool.submit { _ in
      usleep(UInt32(wait / 1_000))
      channel.writeAndFlush(Self.response, promise: nil)
    }
  }
}
