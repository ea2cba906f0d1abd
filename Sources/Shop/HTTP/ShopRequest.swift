import FoundationEssentials
import NIOCore
import NIOHTTP1

/// A request of HTTP, whole.
struct ShopRequest: Sendable {
  let head: HTTPRequestHead
  let body: ByteBuffer?
  /// By `Clock`, when it was whole.
  let arrival: UInt64

  var method: String { head.method.rawValue }
  var uri: String { head.uri }
  var userAgent: String { head.headers.first(name: "User-Agent") ?? "" }

  /// Whether it names a session, rightly or not.
  var hasSession: Bool { head.headers.contains(name: "Authorization") }

  /// Its body as JSON; nil where it is none of this kind.
  func decoded<Value: Decodable>(_ type: Value.Type) -> Value? {
    try? JSONDecoder().decode(type, from: body.map { Data($0.readableBytesView) } ?? Data())
  }

  /// The session that `Authorization: Bearer …` names.
  /// - Throws: `RequestError` 401.
  func session() throws -> Int {
    let value = head.headers.first(name: "Authorization") ?? ""
    guard value.hasPrefix("Bearer "), let session = Int(value.dropFirst(7), radix: 16), session > 0
    else { throw RequestError(401, "the header 'Authorization: Bearer SESSION' is missing") }
    return session
  }

  /// What makes a checkout happen once, however often it is sent.
  /// - Throws: `RequestError` 400.
  func idempotencyKey() throws -> String {
    guard let key = head.headers.first(name: "Idempotency-Key"), (1...100).contains(key.utf8.count)
    else { throw RequestError.bad("the header 'Idempotency-Key' must have 1 to 100 characters") }
    return key
  }
}

/// A response of HTTP.
struct ShopResponse: Sendable {
  enum Body: Sendable {
    case bytes(ByteBuffer)
    case file(FileRegion)

    var count: Int {
      switch self {
      case .bytes(let buffer): buffer.readableBytes
      case .file(let region): region.readableBytes
      }
    }
  }

  var status = 200
  var type = "application/json"
  let body: Body

  init(status: Int = 200, type: String = "application/json", _ body: Body) {
    (self.status, self.type, self.body) = (status, type, body)
  }

  init(status: Int = 200, _ json: JSONText) { self.init(status: status, .bytes(json.buffer)) }

  /// A status with one line that says why.
  init(_ error: RequestError) {
    var json = JSONText()
    json.object { $0.field("error", error.reason) }
    self.init(status: error.status, json)
  }
}
