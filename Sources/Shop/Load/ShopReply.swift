import Systems

/// A request to a Shop, as visitors and scripts write it.
public struct ShopAsk: Sendable {
  private let method: String
  private let path: String
  private let session: String
  private let key: String?
  private let body: String

  /// - Parameters:
  ///   - session: whose cart and orders it is about, as `Shop.openSession` returns it; empty for nobody's.
  ///   - key: that makes its repetition harmless.
  public init(
    _ method: String, _ path: String, session: String = "", key: String? = nil, body: String = ""
  ) {
    (self.method, self.path, self.session, self.key) = (method, path, session, key)
    self.body = body
  }

  /// Of HTTP/1.1. What asks for something has no body.
  public var bytes: [UInt8] {
    let credentials = session.isEmpty ? "" : "Authorization: Bearer \(session)\r\n"
    let idempotency = key.map { "Idempotency-Key: \($0)\r\n" } ?? ""
    let length = method == "GET" ? "" : "Content-Length: \(body.utf8.count)\r\n"
    let head = "\(method) \(path) HTTP/1.1\r\nHost: shop\r\n"
    return Array("\(head)\(credentials)\(idempotency)\(length)\r\n\(body)".utf8)
  }
}

/// A response of a Shop, waited for by a script that asks one thing at a time.
public struct ShopReply: Sendable {
  /// As HTTP has it.
  public let status: Int
  /// JSON, as the Shop writes it.
  public let body: String

  /// Sends a request and waits for the response.
  /// - Throws: `SystemError` where the connection ends; `LoadError.garbage` for what is no response.
  public init(to ask: ShopAsk, on socket: Socket) throws {
    try ask.bytes.withUnsafeBytes { try socket.send($0) }
    var received: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try part.withUnsafeMutableBytes { try socket.receivePart($0) }
      received += part[..<count]
      switch received.withUnsafeBytes(ResponseScan.scan) {
      case .partial: continue
      case .garbage(let what): throw LoadError.garbage(what)
      case .whole(let found):
        status = found.status
        body = String(decoding: received[found.body], as: UTF8.self)
        return
      }
    }
  }

  /// The first value of a field; empty where it has none.
  public func value(of field: String) -> String { Self.value(of: field, in: body) }

  /// The same of a body.
  public static func value(of field: String, in body: String) -> String {
    guard let name = body.firstRange(of: "\"\(field)\":") else { return "" }
    return String(body[name.upperBound...].drop { $0 == "\"" }.prefix { !"\",}".contains($0) })
  }
}
