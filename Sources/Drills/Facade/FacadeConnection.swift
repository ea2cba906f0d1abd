import NIOCore
import NIOPosix
import Systems

/// A client's connection, and those to services that serve it. One request at a time.
final class FacadeConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Of the request that is with a service; nil while there is none.
  private(set) var subject: FacadeRoutes.Subject?
  private var server: ShopService?

  private let core: FacadeCore
  private var context: ChannelHandlerContext?
  private var received = ByteBuffer()
  private var isBusy = false
  private var services: [ShopService: any Channel] = [:]

  init(_ core: FacadeCore) { self.core = core }

  /// Of this side.
  var port: Int? { context?.localAddress?.port }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    core.add(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    for channel in services.values { channel.close(promise: nil) }
    services = [:]
    core.remove(self)
    core.requestEnded()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    if received.readableBytes == 0 { received = part } else { received.writeBuffer(&part) }
    next()
  }

  private func next() {
    guard !isBusy, let request = HTTPMessage(takenFrom: &received) else { return }
    isBusy = true
    var (subject, bytes) = (FacadeRoutes.subject(of: request), request.bytes)
    if subject == .session(nil), request.path == "/sessions" {
      // Its number says where it lives.
      let session = Int.random(in: 1...Int.max)
      subject = .session(session)
      bytes = ByteBuffer(
        string: "POST /sessions HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer "
          + "\(String(session, radix: 16))\r\nContent-Length: 0\r\n\r\n")
    }
    core.admit(subject) { [self] service in
      guard context != nil else { return }
      guard let service else { return answer(503, "Service Unavailable") }
      (self.subject, server) = (subject, service)
      send(bytes, to: service)
    }
  }

  private func send(_ request: ByteBuffer, to service: ShopService) {
    if let channel = services[service], channel.isActive {
      return channel.writeAndFlush(request, promise: nil)
    }
    guard !core.cuts.contains(service), let endpoint = core.routes.endpoints[service] else {
      return answer(502, "Bad Gateway")
    }
    let client = NIOLoopBound(self, eventLoop: core.loop)
    ClientBootstrap(group: core.loop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            FacadeUpstream(client.value, service))
        }
      }
      .connect(host: "127.0.0.1", port: Int(endpoint.port))
      .whenComplete { result in
        guard case .success(let channel) = result else {
          return client.value.answer(502, "Bad Gateway")
        }
        client.value.services[service] = channel
        guard client.value.context != nil else { return channel.close(promise: nil) }
        channel.writeAndFlush(request, promise: nil)
      }
  }

  /// A response is whole.
  func receive(_ response: HTTPMessage) { finish(response.bytes) }

  /// A service's connection has ended.
  func lost(_ channel: any Channel, to service: ShopService) {
    guard services[service] === channel else { return }
    services[service] = nil
    if server == service { answer(502, "Bad Gateway") }
  }

  /// As if the cable to a service were pulled.
  func lose(_ service: ShopService) { services[service]?.close(promise: nil) }

  func close() { context?.close(promise: nil) }

  private func answer(_ status: Int, _ reason: String) {
    finish(ByteBuffer(string: "HTTP/1.1 \(status) \(reason)\r\nContent-Length: 0\r\n\r\n"))
  }

  private func finish(_ response: ByteBuffer) {
    guard isBusy else { return }
    (subject, server, isBusy) = (nil, nil, false)
    context?.writeAndFlush(wrapOutboundOut(response), promise: nil)
    core.requestEnded()
    next()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

/// The other side of a client's request: the connection to a service.
final class FacadeUpstream: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let client: FacadeConnection
  private let service: ShopService
  private var received = ByteBuffer()

  init(_ client: FacadeConnection, _ service: ShopService) {
    (self.client, self.service) = (client, service)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    if received.readableBytes == 0 { received = part } else { received.writeBuffer(&part) }
    if let response = HTTPMessage(takenFrom: &received) { client.receive(response) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    client.lost(context.channel, to: service)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
