import NIOCore
import NIOHTTP1
import Platform

/// What all connections of a Shop share.
struct ServerParts: Sendable {
  let application: Application
  let workers: Workers
  let visits: Visits
}

/// One connection of HTTP/1.1, or one stream of HTTP/2: collects a request, has a worker serve it,
/// sends the response.
final class ShopHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// Bytes of a body that are taken; a cart's line has some fifty.
  private static let longestBody = 64 << 10
  /// Bytes of a body that is too long that are read all the same, so that the client, which sends
  /// before it reads, gets the response.
  private static let longestDiscarded = 64 << 20

  private let parts: ServerParts
  /// A stream ends with its response, whatever becomes of the connection.
  private let isStream: Bool
  private var context: ChannelHandlerContext?
  private var head: HTTPRequestHead?
  private var body: ByteBuffer?
  private var bodyBytes = 0

  init(_ parts: ServerParts, ofStream isStream: Bool) {
    (self.parts, self.isStream) = (parts, isStream)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body, bodyBytes) = (head, nil, 0)
    case .body(let part): collect(part, context)
    case .end: serve(context)
    }
  }

  private func collect(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
    bodyBytes += part.readableBytes
    guard bodyBytes <= Self.longestBody else {
      body = nil
      if bodyBytes > Self.longestDiscarded { context.close(promise: nil) }
      return
    }
    if body == nil { body = part } else { body!.writeImmutableBuffer(part) }
  }

  private func serve(_ context: ChannelHandlerContext) {
    guard let head else { return }
    self.head = nil
    let request = ShopRequest(head: head, body: body, arrival: Clock.now())
    body = nil
    let settings = parts.application.settings
    let isKept = head.isKeepAlive && !settings.has(.noKeepAlive)
    guard bodyBytes <= Self.longestBody else {
      let reason = "a body has at most \(Self.longestBody) bytes"
      return send(ShopResponse(RequestError(413, reason)), isKept: isKept, context)
    }
    parts.visits.beginRequest()
    let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
    let (loop, parts) = (context.eventLoop, parts)
    let isTaken = parts.workers.submit {
      let response = parts.application.respond(to: request)
      loop.execute {
        parts.visits.endRequest()
        handler.value.answer(response, isKept: isKept)
      }
    }
    if !isTaken {
      parts.visits.endRequest()
      send(parts.application.reject(request), isKept: isKept, context)
    }
  }

  /// The client may be gone by now.
  private func answer(_ response: ShopResponse, isKept: Bool) {
    if let context { send(response, isKept: isKept, context) }
  }

  private func send(_ response: ShopResponse, isKept: Bool, _ context: ChannelHandlerContext) {
    let isKept = isStream || isKept && !parts.visits.isEnding
    var headers = HTTPHeaders()
    headers.reserveCapacity(3)
    headers.add(name: "Content-Type", value: response.type)
    headers.add(name: "Content-Length", value: String(response.body.count))
    if !isKept { headers.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: response.status),
      headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    switch response.body {
    case .bytes(let buffer):
      context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    case .file(let region):
      context.write(wrapOutboundOut(.body(.fileRegion(region))), promise: nil)
    }
    let sent = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    guard !isKept else { return }
    let channel = context.channel
    sent.whenComplete { _ in channel.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, head == nil else { return context.close(promise: nil) }
    send(ShopResponse(.bad("this is no request of HTTP/1.1")), isKept: false, context)
  }
}
