import NIOCore
import NIOHTTP1
import NIOPosix
import Platform

/// A server inside this process that spends time without spending a processor: it serves by timer,
/// so that many of them fit one event loop.
public final class Backend: Sendable {
  /// What it speaks.
  public enum Wire: Sendable, Equatable {
    /// `EchoProtocol` of messages of so many bytes.
    case echo(EchoProtocol)
    /// HTTP/1.1, by SwiftNIO's parser.
    case http
  }

  /// Where it listens, on loopback.
  public let endpoint: Endpoint
  private let core: NIOLoopBound<BackendCore>
  private let loop: any EventLoop
  private let channel: any Channel

  /// Starts to listen.
  /// - Parameters:
  ///   - loop: its thread; not the calling one.
  ///   - port: 0 where the kernel is to choose one.
  ///   - seed: of its service times and failures.
  /// - Throws: where the port is in use or there are no descriptors left.
  public init(
    on loop: any EventLoop, speaking wire: Wire = .echo(EchoProtocol()),
    _ behaviour: Behaviour = Behaviour(), port: UInt16 = 0, seed: UInt64 = 1
  ) throws {
    let core = try loop.submit {
      NIOLoopBound(BackendCore(loop, behaviour, seed: seed), eventLoop: loop)
    }.wait()
    let channel = try ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 4_096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          switch wire {
          case .echo(let echo): try pipeline.addHandler(EchoHandler(echo, core.value))
          case .http:
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
            try pipeline.addHandler(HTTPHandler(core.value))
          }
        }
      }
      .bind(host: "127.0.0.1", port: Int(port)).wait()
    endpoint = .loopback(port: UInt16(channel.localAddress?.port ?? 0))
    (self.core, self.loop, self.channel) = (core, loop, channel)
  }

  deinit { channel.close(promise: nil) }

  /// From now on it serves otherwise; requests that are being served or wait are not changed.
  /// - Parameter seed: of the service times and failures that follow; nil to go on with the old one.
  public func behave(_ behaviour: Behaviour, seed: UInt64? = nil) throws {
    let core = core
    try loop.submit { core.value.behave(behaviour, seed: seed) }.wait()
  }

  /// What it has done since it was asked last.
  public func counts() throws -> BackendCounts {
    let core = core
    return try loop.submit { core.value.takeCounts() }.wait()
  }
}

/// What a backend has done.
public struct BackendCounts: Sendable, Equatable {
  /// Requests that arrived.
  public var arrived = 0
  /// Requests that were served to their end, failures among them.
  public var served = 0
  /// Requests that failed.
  public var failed = 0
  /// Requests that found the queue full.
  public var rejected = 0
  /// Requests that their client took back in time.
  public var cancelled = 0
  /// Requests that waited at once at most.
  public var mostWaiting = 0

  /// None.
  public init() {}
}
