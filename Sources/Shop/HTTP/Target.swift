/// What a request is about: its route, and the parts of its address.
struct Target: Equatable {
  let route: Route
  /// The number in the path; 0 where the route has none.
  var id = 0
  /// `q=amber&after=20`
  var query: Substring = ""

  /// - Throws: `RequestError` 400, 404 or 405.
  init(_ method: String, _ uri: String) throws {
    guard uri.utf8.count <= 2_000 else { throw RequestError(414, "the address is too long") }
    let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count > 1 { query = parts[1] }
    let path = parts[0].split(separator: "/")
    let isPost = method == "POST"
    let expected: String
    switch (path.first ?? "", path.count) {
    case ("products", 2): (route, expected) = (.product, "GET")
    case ("products", 3) where path[2] == "recommendations":
      (route, expected) = (.recommendations, "GET")
    case ("search", 1): (route, expected) = (.search, "GET")
    case ("sessions", 1): (route, expected) = (.openSession, "POST")
    case ("cart", 1): (route, expected) = isPost ? (.addToCart, "POST") : (.cart, "GET")
    case ("checkout", 1): (route, expected) = (.checkout, "POST")
    case ("orders", 1): (route, expected) = (.placeOrder, "POST")
    case ("orders", 2): (route, expected) = (.order, "GET")
    case ("images", 2): (route, expected) = (.image, "GET")
    case ("health", 1): (route, expected) = (.health, "GET")
    case ("metrics", 1): (route, expected) = (.metrics, "GET")
    default: throw RequestError(404, "there is nothing at this address")
    }
    guard method == expected else {
      throw RequestError(405, "this address takes \(route == .cart ? "GET and POST" : expected)")
    }
    guard path.count >= 2 else { return }
    guard let id = Int(path[1]), id >= 0 else {
      throw RequestError.bad("'\(path[1].prefix(40))' is not a number")
    }
    self.id = id
  }

  /// A parameter of the query, with its escapes resolved; nil where it is missing.
  func parameter(_ name: String) -> String? {
    for pair in query.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if sides[0] == name { return Self.unescaped(sides.count > 1 ? sides[1] : "") }
    }
    return nil
  }

  /// Source: RFC 3986, section 2.1; a plus sign is a space, as in forms.
  private static func unescaped(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
