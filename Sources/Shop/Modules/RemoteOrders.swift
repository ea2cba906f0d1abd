import NIOCore
import Platform
import Synchronization
import Systems

/// The orders of another Shop, placed over connections that stay open. A worker waits for the
/// response.
final class RemoteOrders: Sendable {
  private let endpoint: Endpoint
  private let idle = Mutex<[Socket]>([])
  private static let longestResponse = 64 << 10
  /// Nanoseconds for an order. The other side may be held back while its data move.
  private static let patience: UInt64 = 10_000_000_000

  init(_ endpoint: Endpoint) { self.endpoint = endpoint }

  /// Places an order.
  /// - Throws: `RequestError` 503 where there is no response: the order may be there or not, and the
  ///   same key finds out.
  func place(_ lines: [CartLine], _ session: Int, key: String) throws -> ShopResponse {
    let request = Self.request(lines, session, key: key)
    let end = Clock.now() + Self.patience
    // A connection that was idle may have been closed by the other side; with its key the request
    // may be repeated.
    while let socket = idle.withLock({ $0.popLast() }) {
      if let response = ask(request, on: socket, until: end) { return response }
    }
    let socket = try? Socket.connected(to: endpoint, options: [.noDelay(true)])
    guard let socket, let response = ask(request, on: socket, until: end) else {
      throw RequestError.unavailable("the orders are out of reach")
    }
    return response
  }

  private static func request(_ lines: [CartLine], _ session: Int, key: String) -> [UInt8] {
    var json = JSONText()
    json.object { json in
      json.array("lines") { json in
        for line in lines {
          json.object { json in
            json.field("product", line.product)
            json.field("quantity", line.quantity)
          }
        }
      }
    }
    let ask = ShopAsk(
      "POST", "/orders", session: String(session, radix: 16), key: key,
      body: String(buffer: json.buffer))
    return ask.bytes
  }

  /// Nil where the connection or the time ends first.
  private func ask(_ request: [UInt8], on socket: Socket, until end: UInt64) -> ShopResponse? {
    guard (try? request.withUnsafeBytes { try socket.send($0) }) != nil else { return nil }
    var bytes = [UInt8](repeating: 0, count: Self.longestResponse)
    var count = 0
    while count < bytes.count {
      let now = Clock.now()
      guard now < end else { return nil }
      let part = try? bytes.withUnsafeMutableBytes {
        try socket.receive(
          UnsafeMutableRawBufferPointer(rebasing: $0[count...]), within: end - now)
      }
      guard let part, part > 0 else { return nil }
      count += part
      switch bytes.withUnsafeBytes({ ResponseScan.scan(.init(rebasing: $0[..<count])) }) {
      case .partial: continue
      case .garbage: return nil
      case .whole(let found):
        if !found.isLast { idle.withLock { $0.append(socket) } }
        return ShopResponse(
          status: found.status, .bytes(ByteBuffer(bytes: bytes[found.body])))
      }
    }
    return nil
  }
}
