import Harness
import NIOCore
import NIOPosix
import Systems

/// Sends every byte back.
protocol EchoServer {
  /// Where it listens.
  var endpoint: Endpoint { get }
  /// Called when a client has connected: for servers that accept in the client's thread.
  func accepted() throws
}

/// A thread for each connection, on the processor of the client's thread.
struct ThreadServer: EchoServer {
  let endpoint: Endpoint
  private let listener: Socket

  init() throws {
    listener = try Socket.listening(backlog: 16)
    endpoint = try listener.endpoint()
  }

  func accepted() throws {
    let connection = try listener.accept()
    try connection.set(.noDelay(true))
    try ServerThread(on: nil) {
      withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 64) { buffer in
        while (try? echo(connection, buffer)) == true {}
      }
    }
  }
}

/// What a connection has received, back.
/// - Returns: whether there was something.
private func echo(_ connection: Socket, _ buffer: UnsafeMutableRawBufferPointer) throws -> Bool {
  let count = try connection.receive(buffer)
  try connection.send(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  return count > 0
}

/// One thread that waits for all connections.
struct EpollServer: EchoServer {
  let endpoint: Endpoint

  init(on cpu: Int) throws {
    let listener = try Socket.listening(backlog: 16)
    endpoint = try listener.endpoint()
    let poller = try Poller()
    try poller.add(listener, for: .reading, token: 0)
    try ServerThread(on: cpu) { try? Self.serve(listener, poller) }
  }

  func accepted() {}

  private static func serve(_ listener: Socket, _ poller: Poller) throws {
    var connections: [Socket?] = [listener]
    var ready: [Int] = []
    try withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 64) { buffer in
      while true {
        try poller.wait(into: &ready)
        for token in ready {
          if token == 0 {
            let connection = try listener.accept()
            try connection.set(.noDelay(true))
            try poller.add(connection, for: .reading, token: connections.count)
            connections.append(connection)
          } else if try !echo(connections[token]!, buffer) {
            // Closing it takes it out of the poller.
            connections[token] = nil
          }
        }
      }
    }
  }
}

/// One thread that waits for the completions of a ring.
struct RingServer: EchoServer {
  let endpoint: Endpoint

  init(on cpu: Int) throws {
    let listener = try Socket.listening(backlog: 16)
    endpoint = try listener.endpoint()
    try ServerThread(on: cpu) { orEnd { try EchoRing(listener).serve() } }
  }

  func accepted() {}
}

/// SwiftNIO with one event loop.
final class NIOServer: EchoServer {
  let endpoint: Endpoint
  private let group: MultiThreadedEventLoopGroup

  init(on cpu: Int) throws {
    // Its thread inherits the processor.
    let group = try Placement.allowing([cpu]) { MultiThreadedEventLoopGroup(numberOfThreads: 1) }
    let channel = try ServerBootstrap(group: group)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { $0.pipeline.addHandler(EchoHandler()) }
      .bind(host: "127.0.0.1", port: 0).wait()
    self.group = group
    endpoint = .loopback(port: UInt16(channel.localAddress?.port ?? 0))
  }

  deinit { group.shutdownGracefully { _ in } }

  func accepted() {}
}

private final class EchoHandler: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.writeAndFlush(data, promise: nil)
  }
}
