import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import Platform

/// A connection of HTTP/2 with both of its ends, by SwiftNIO: every request has a stream of its own and
/// is answered with the same content. Without TLS, so by prior knowledge (RFC 9113, 3.3).
public final class HTTP2Connection {
  private let loops: EventLoops
  private let client, server: any Channel
  private let streams: NIOHTTP2Handler.StreamMultiplexer
  private let awaited = AwaitedSums()
  /// For responses; SwiftNIO may lose the end of a connection that ends while a stream begins.
  private static let longest = TimeAmount.seconds(10)

  /// - Parameters:
  ///   - client, server: the ends of a connection on which nothing was sent.
  ///   - content: of each response.
  ///   - cpu: of the two event loops, one for each end.
  /// - Throws: `AffinityRefused`, `SystemError`, or what SwiftNIO throws.
  public init(_ client: Socket, _ server: Socket, content: [UInt8], cpu: Int) throws {
    loops = try EventLoops(cpus: [cpu, cpu])
    let content = ByteBuffer(bytes: content)
    self.server = try Self.channel(server, on: loops.loops[1], .server) { stream in
      try stream.pipeline.syncOperations.addHandler(ContentHandler(content))
    }.channel
    // A server begins no streams here.
    let end = try Self.channel(client, on: loops.loops[0], .client) { _ in }
    (self.client, streams) = (end.channel, end.streams)
    end.channel.closeFuture.whenComplete { [awaited] _ in awaited.fail() }
  }

  deinit { for end in [client, server] { end.close(promise: nil) } }

  private static func channel(
    _ socket: Socket, on loop: any EventLoop, _ mode: NIOHTTP2Handler.ParserMode,
    _ initialise: @escaping @Sendable (any Channel) throws -> Void
  ) throws -> (channel: any Channel, streams: NIOHTTP2Handler.StreamMultiplexer) {
    let descriptor = try socket.duplicated()
    let channel = try ClientBootstrap(group: loop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      // What the other end sends first must find the pipeline there.
      .channelOption(.autoRead, value: false)
      .withConnectedSocket(descriptor).wait()
    let streams = try channel.configureHTTP2Pipeline(
      mode: mode, connectionConfiguration: .init(), streamConfiguration: .init()
    ) { stream in stream.eventLoop.makeCompletedFuture { try initialise(stream) } }.wait()
    try channel.setOption(.autoRead, value: true).wait()
    return (channel, streams)
  }

  /// Sends so many requests at once and waits for their responses.
  /// - Returns: the sum of the responses' words, as `wordSum`.
  /// - Throws: where the connection or a stream ends early, or responses take ten seconds.
  public func fetch(_ count: Int) throws -> UInt64 {
    let (client, loop, streams, awaited) = (client, client.eventLoop, streams, awaited)
    return try loop.flatSubmit {
      guard client.isActive else { return loop.makeFailedFuture(ChannelError.eof) }
      let limit = loop.scheduleTask(in: Self.longest) { awaited.fail() }
      awaited.sums = (0..<count).map { _ in loop.makePromise(of: UInt64.self) }
      let responses = awaited.sums.map { sum in
        streams.createStreamChannel { stream in
          stream.eventLoop.makeCompletedFuture {
            try stream.pipeline.syncOperations.addHandler(RequestHandler(sum))
          }
        }.whenFailure { sum.fail($0) }
        return sum.futureResult
      }
      let sum = EventLoopFuture.reduce(0, responses, on: loop) { $0 &+ $1 }
      sum.whenComplete { _ in limit.cancel() }
      return sum
    }.wait()
  }
}

/// The responses that a connection still owes, touched on its loop alone. A stream that has not begun
/// when its connection ends is not informed of that.
private final class AwaitedSums: @unchecked Sendable {
  var sums: [EventLoopPromise<UInt64>] = []

  func fail() { for sum in sums { sum.fail(ChannelError.eof) } }
}

/// The client's side of a stream: a request, and its response.
private final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  private let sum: EventLoopPromise<UInt64>
  private var body = ByteBuffer()

  init(_ sum: EventLoopPromise<UInt64>) { self.sum = sum }

  func channelActive(context: ChannelHandlerContext) {
    let headers: HPACKHeaders = [
      ":method": "GET", ":scheme": "http", ":authority": "server", ":path": "/",
    ]
    context.writeAndFlush(
      wrapOutboundOut(.headers(.init(headers: headers, endStream: true))), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .data(let data) = unwrapInboundIn(data), case .byteBuffer(var part) = data.data
    else { return }
    body.writeBuffer(&part)
    if data.endStream { sum.succeed(body.withUnsafeReadableBytes { wordSum($0) }) }
  }

  /// Of a stream that has ended well, this is too late to matter.
  func channelInactive(context: ChannelHandlerContext) { sum.fail(ChannelError.eof) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    sum.fail(error)
    context.close(promise: nil)
  }
}

/// The server's side of a stream.
private final class ContentHandler: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  private let content: ByteBuffer

  init(_ content: ByteBuffer) { self.content = content }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .headers(let request) = unwrapInboundIn(data), request.endStream else { return }
    let headers: HPACKHeaders = [
      ":status": "200", "content-length": "\(content.readableBytes)",
    ]
    context.write(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
    context.writeAndFlush(
      wrapOutboundOut(.data(.init(data: .byteBuffer(content), endStream: true))), promise: nil)
  }
}
