import NIOCore
import NIOHTTP1
import NIOHTTP2

/// Versions of HTTP that a Shop speaks at its port, without TLS.
public enum HTTPVersions: Sendable {
  /// HTTP/1.1.
  case one
  /// HTTP/2, by prior knowledge (RFC 9113, 3.3).
  case two
  /// Each connection's own, by its first bytes.
  case both
}

/// What becomes of a connection that was accepted.
struct ConnectionSetup: Sendable {
  let parts: ServerParts

  /// Adds the handlers for what it speaks.
  func begin(_ channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(VisitHandler(parts))
    switch parts.application.settings.versions {
    case .one: try speakOne(channel)
    case .two: try speakTwo(channel)
    case .both: try pipeline.addHandler(PrefaceHandler(self))
    }
  }

  func speakOne(_ channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.configureHTTPServerPipeline(
      withPipeliningAssistance: true, withErrorHandling: false)
    try pipeline.addHandler(ShopHandler(parts, ofStream: false))
  }

  /// Each stream is a channel, in which a request looks like one of HTTP/1.1. A connection that is to
  /// end says so first (GOAWAY), and ends with its last stream.
  func speakTwo(_ channel: any Channel) throws {
    let seconds = parts.application.settings.drainSeconds
    let ending = NIOHTTP2ServerConnectionManagementHandler(
      eventLoop: channel.eventLoop,
      configuration: .init(
        maxIdleTime: nil, maxAge: nil, maxGraceTime: .milliseconds(Int64(1_000 * seconds)),
        keepalive: nil))
    let pipeline = channel.pipeline.syncOperations
    _ = try pipeline.configureHTTP2Pipeline(
      mode: .server, connectionConfiguration: .init(), streamConfiguration: .init(),
      streamDelegate: ending.http2StreamDelegate
    ) { [parts] stream in
      stream.eventLoop.makeCompletedFuture {
        let pipeline = stream.pipeline.syncOperations
        try pipeline.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
        try pipeline.addHandler(ShopHandler(parts, ofStream: true))
      }
    }
    try pipeline.addHandler(ending)
  }
}

/// Counts a connection for as long as it is there.
private final class VisitHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let parts: ServerParts

  init(_ parts: ServerParts) { self.parts = parts }

  func handlerAdded(context: ChannelHandlerContext) {
    parts.application.metrics.add(.acceptedConnections)
    parts.visits.add(context.channel)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    parts.visits.remove(context.channel)
  }
}

/// Waits for the first bytes of a connection: HTTP/2 begins with a preface that no request of
/// HTTP/1.1 can begin with. Then it leaves the connection to the handlers of its version.
///
/// Source: RFC 9113, section 3.4.
final class PrefaceHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  private let setup: ConnectionSetup
  private var received = ByteBuffer()

  init(_ setup: ConnectionSetup) { self.setup = setup }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    received.writeBuffer(&part)
    let beginning = received.readableBytesView.prefix(Self.preface.count)
    let isTwo = Self.preface.starts(with: beginning)
    guard !isTwo || beginning.count == Self.preface.count else { return }
    do {
      if isTwo { try setup.speakTwo(context.channel) } else { try setup.speakOne(context.channel) }
    } catch { return context.close(promise: nil) }
    context.fireChannelRead(wrapInboundOut(received))
    context.fireChannelReadComplete()
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  /// Somebody who has not asked for anything yet.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent { return context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }
}
