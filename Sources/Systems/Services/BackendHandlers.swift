import NIOCore
import NIOHTTP1

/// One connection of the small protocol.
final class EchoHandler: ChannelInboundHandler, AnswersJob {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let wire: EchoProtocol
  private let core: BackendCore
  private var context: ChannelHandlerContext?
  private var received = ByteBuffer()
  private var message = ByteBuffer()
  private var job: Int?

  init(_ wire: EchoProtocol, _ core: BackendCore) {
    self.wire = wire
    self.core = core
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    if received.readableBytes == 0 { received = part } else { received.writeBuffer(&part) }
    while let next = received.readSlice(length: wire.length) {
      let start = next.readerIndex
      if next.getInteger(at: start + EchoProtocol.kindOffset, as: UInt8.self)
        == EchoProtocol.cancel
      {
        if let job { core.cancel(job) }
        continue
      }
      message = next
      let demand = next.getInteger(at: start + 8, endianness: .little, as: UInt64.self) ?? 0
      job = core.arrive(self, demand: demand)
    }
  }

  func answer(_ status: Answer.Status) {
    job = nil
    message.setInteger(status.rawValue, at: message.readerIndex + EchoProtocol.statusOffset)
    context?.writeAndFlush(wrapOutboundOut(message), promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

/// One connection of HTTP/1.1: a path of digits is the demand in nanoseconds, which the answer
/// repeats; every other request gets the same few bytes.
final class HTTPHandler: ChannelInboundHandler, AnswersJob {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let core: BackendCore
  private var context: ChannelHandlerContext?
  private var demand: UInt64?
  private static let words = ByteBuffer(string: "served\n")

  init(_ core: BackendCore) { self.core = core }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): demand = UInt64(head.uri.dropFirst())
    case .body: break
    case .end: _ = core.arrive(self, demand: demand ?? 0)
    }
  }

  func answer(_ status: Answer.Status) {
    guard let context else { return }
    let code: HTTPResponseStatus =
      switch status {
      case .succeeded: .ok
      case .failed, .cancelled: .internalServerError
      case .rejected: .serviceUnavailable
      }
    let body = demand.map { ByteBuffer(string: "\($0)") } ?? Self.words
    let headers = HTTPHeaders([("Content-Length", "\(body.readableBytes)")])
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: code, headers: headers))),
      promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
