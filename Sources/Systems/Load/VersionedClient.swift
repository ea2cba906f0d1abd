import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix

/// A response, as far as it is compared.
struct VersionedReply: Sendable {
  let status: Int
  /// Of the body.
  let digest: UInt64
  /// 1 or 2.
  let version: Int
}

/// A client with a connection that is opened when it is needed. For its loop alone.
final class VersionedClient: @unchecked Sendable {
  // SAFETY (@unchecked): all is touched on the loop; `close` waits for nothing.
  typealias Completion = (VersionedReply?) -> Void

  /// Of a request.
  private static let patience = TimeAmount.seconds(5)

  private let endpoint: Endpoint
  private let isModern: Bool
  private let loop: any EventLoop
  private var connection: VersionedConnection?
  private(set) var isBusy = false

  init(_ endpoint: Endpoint, isModern: Bool, on loop: any EventLoop) {
    (self.endpoint, self.isModern, self.loop) = (endpoint, isModern, loop)
  }

  func close() { loop.execute { self.connection?.channel.close(promise: nil) } }

  /// Asks for an address; nil where that has failed.
  func get(_ path: String, _ completion: @escaping Completion) {
    isBusy = true
    if let connection, connection.isUsable { return send(path, on: connection, completion) }
    open(version: isModern ? 2 : 1, path, completion)
  }

  private func open(version: Int, _ path: String, _ completion: @escaping Completion) {
    connection?.channel.close(promise: nil)
    connection = nil
    let completion = NIOLoopBound(completion, eventLoop: loop)
    VersionedConnection.open(endpoint, version: version, on: loop).whenComplete { result in
      guard case .success(let opened) = result else {
        return self.finish(nil, completion.value)
      }
      self.connection = opened
      self.send(path, on: opened, completion.value)
    }
  }

  private func send(
    _ path: String, on connection: VersionedConnection, _ completion: @escaping Completion
  ) {
    let limit = loop.scheduleTask(in: Self.patience) { connection.channel.close(promise: nil) }
    let completion = NIOLoopBound(completion, eventLoop: loop)
    connection.get(path).whenComplete { result in
      limit.cancel()
      switch result {
      case .success(let reply): self.finish(reply, completion.value)
      case .failure where connection.version == 2 && !connection.isConfirmed:
        // Not a word of HTTP/2 came back.
        self.open(version: 1, path, completion.value)
      case .failure:
        connection.channel.close(promise: nil)
        self.finish(nil, completion.value)
      }
    }
  }

  private func finish(_ reply: VersionedReply?, _ completion: Completion) {
    isBusy = false
    completion(reply)
  }
}

/// A connection that speaks one version. For its loop alone.
final class VersionedConnection: @unchecked Sendable {
  // SAFETY (@unchecked): all is touched on the channel's loop.
  let channel: any Channel
  let version: Int
  /// Whether the server has said that it speaks HTTP/2.
  fileprivate(set) var isConfirmed = false
  /// The server takes no more requests on it.
  fileprivate(set) var isEnding = false
  /// What the last request waits for.
  private var awaited: EventLoopPromise<VersionedReply>?
  /// Of HTTP/1.1.
  private var replies: ReplyHandler?
  /// Of HTTP/2.
  private var streams: NIOHTTP2Handler.StreamMultiplexer?

  var isUsable: Bool { channel.isActive && !isEnding }

  private init(_ channel: any Channel, version: Int) {
    (self.channel, self.version) = (channel, version)
  }

  static func open(
    _ endpoint: Endpoint, version: Int, on loop: any EventLoop
  ) -> EventLoopFuture<VersionedConnection> {
    ClientBootstrap(group: loop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      // The server may speak first: the handlers must be there.
      .channelOption(.autoRead, value: false)
      .connect(host: "127.0.0.1", port: Int(endpoint.port))
      .flatMapThrowing { channel in
        let connection = VersionedConnection(channel, version: version)
        try connection.addHandlers()
        channel.setOption(.autoRead, value: true).whenComplete { _ in }
        // A stream that has not begun when its connection ends is not informed of that.
        channel.closeFuture.whenComplete { _ in connection.awaited?.fail(ChannelError.eof) }
        return connection
      }
  }

  private func addHandlers() throws {
    let pipeline = channel.pipeline.syncOperations
    guard version == 2 else {
      let replies = ReplyHandler(self)
      try pipeline.addHTTPClientHandlers()
      try pipeline.addHandler(replies)
      self.replies = replies
      return
    }
    // A server begins no streams here.
    streams = try pipeline.configureHTTP2Pipeline(
      mode: .client, connectionConfiguration: .init(), streamConfiguration: .init()
    ) { $0.eventLoop.makeSucceededVoidFuture() }
    try pipeline.addHandler(FrameHandler(self))
  }

  func get(_ path: String) -> EventLoopFuture<VersionedReply> {
    let promise = channel.eventLoop.makePromise(of: VersionedReply.self)
    awaited = promise
    if let replies {
      replies.ask(path, promise)
      replies.send(on: channel)
    } else if let streams {
      streams.createStreamChannel { stream in
        stream.eventLoop.makeCompletedFuture {
          let replies = ReplyHandler(self)
          replies.ask(path, promise)
          let pipeline = stream.pipeline.syncOperations
          try pipeline.addHandler(HTTP2FramePayloadToHTTP1ClientCodec(httpProtocol: .http))
          try pipeline.addHandler(replies)
        }
      }.whenFailure { promise.fail($0) }
    }
    return promise.futureResult
  }
}

/// One request at a time, and its response.
private final class ReplyHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private let connection: VersionedConnection
  private var promise: EventLoopPromise<VersionedReply>?
  private var path = "/"
  private var status = 0
  private var body = ByteBuffer()

  init(_ connection: VersionedConnection) { self.connection = connection }

  func ask(_ path: String, _ promise: EventLoopPromise<VersionedReply>) {
    (self.path, self.promise) = (path, promise)
    body.clear()
  }

  func send(on channel: any Channel) {
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: path, headers: HTTPHeaders([("Host", "shop")]))
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  /// A stream has begun. A connection of HTTP/1.1 is informed of that too, but after its first request
  /// was sent.
  func channelActive(context: ChannelHandlerContext) {
    if connection.version == 2, promise != nil { send(on: context.channel) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      status = Int(head.status.code)
      if connection.version == 1, !head.isKeepAlive { connection.isEnding = true }
    case .body(var part): body.writeBuffer(&part)
    case .end:
      let digest = body.withUnsafeReadableBytes { Answer.digest(ofBytes: $0) }
      take()?.succeed(
        VersionedReply(status: status, digest: digest, version: connection.version))
    }
  }

  func channelInactive(context: ChannelHandlerContext) { take()?.fail(ChannelError.eof) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    take()?.fail(error)
    context.close(promise: nil)
  }

  private func take() -> EventLoopPromise<VersionedReply>? {
    defer { promise = nil }
    return promise
  }
}

/// What a server says of the whole connection.
private final class FrameHandler: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame

  private let connection: VersionedConnection

  init(_ connection: VersionedConnection) { self.connection = connection }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data).payload {
    case .settings: connection.isConfirmed = true
    case .goAway: connection.isEnding = true
    default: break
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
