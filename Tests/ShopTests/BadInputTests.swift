import Foundation
import Testing

@testable import Shop

/// Whatever comes is answered with one line, and the next request is served.
@Suite struct BadInputTests {
  private func expect(_ reply: Client.Reply, _ status: Int, _ words: String) {
    #expect(reply.status == status)
    let reason = reply.json["error"] as? String ?? "(none)"
    #expect(reason.contains(words), "\(reason)")
    #expect(!reason.contains("\n"))
  }

  @Test(arguments: [
    ("GET", "/products/0", 404, "there is no product 0"),
    ("GET", "/products/99999999999999999999", 400, "is not a number"),
    ("GET", "/products/-1", 400, "is not a number"),
    ("GET", "/products/x", 400, "is not a number"),
    ("GET", "/products", 404, "nothing at this address"),
    ("DELETE", "/products/1", 405, "takes GET"),
    ("GET", "/checkout", 405, "takes POST"),
    ("PUT", "/cart", 405, "takes GET and POST"),
    ("GET", "/search", 400, "a search needs a word"),
    ("GET", "/search?q=lamp&after=x", 400, "'after' must be"),
    ("GET", "/orders/123456789", 404, "there is no order"),
    ("GET", "/images/99", 404, "there is no image"),
    ("GET", "/images/../shop.db", 404, "nothing at this address"),
    ("GET", "/cart", 401, "Authorization"),
    ("POST", "/checkout", 401, "Authorization"),
    ("GET", "/%00%ff?q=%zz", 404, "nothing at this address"),
  ])
  func isOneLine(method: String, path: String, status: Int, words: String) throws {
    let open = try OpenShop()
    let client = try open.connect()
    expect(try client.ask(method, path), status, words)
    #expect(try client.ask("GET", "/health").text == "ok\n")
  }

  @Test func anAddressThatIsTooLong() throws {
    let open = try OpenShop()
    expect(
      try open.ask("GET", "/search?q=" + String(repeating: "a", count: 5_000)), 414, "too long")
  }

  @Test func whatIsNotHTTP() throws {
    let open = try OpenShop()
    for nonsense in ["\u{16}\u{03}\u{01}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
      let client = try open.connect()
      try client.send(nonsense)
      let reply = try client.reply()
      expect(reply, 400, "no request of HTTP/1.1")
      #expect(try client.isAtEnd())
    }
    #expect(try open.ask("GET", "/health").status == 200)
  }

  @Test func aHugeBodyIsReadAndRefused() throws {
    let open = try OpenShop()
    let client = try open.connect()
    let body = String(repeating: "x", count: 3 << 20)
    expect(try client.ask("POST", "/cart", body: body), 413, "at most 65536 bytes")
    #expect(try client.ask("GET", "/health").status == 200)
  }

  @Test func aBodyThatIsNoLineOfACart() throws {
    let open = try OpenShop()
    let session = try open.session()
    for body in ["", "{", "[]", "{\"product\": \"1\", \"quantity\": 1}", "{\"product\": 1}"] {
      expect(try open.ask("POST", "/cart", session, body: body), 400, "must be JSON")
    }
    for quantity in [0, -1, 101] {
      let line = "{\"product\": 1, \"quantity\": \(quantity)}"
      expect(try open.ask("POST", "/cart", session, body: line), 400, "from 1 to 100")
    }
    let line = "{\"product\": 1000000, \"quantity\": 1}"
    expect(try open.ask("POST", "/cart", session, body: line), 404, "no product")
  }

  @Test func sessionsAndKeysThatAreNone() throws {
    let open = try OpenShop()
    for token in ["", "x", "0", "-5", "ffffffffffffffffffff"] {
      let header = ["Authorization": "Bearer \(token)"]
      expect(try open.ask("GET", "/cart", header), 401, "Authorization")
    }
    expect(try open.ask("GET", "/cart", ["Authorization": "Bearer 123"]), 401, "unknown")
    let session = try open.session()
    expect(try open.ask("POST", "/checkout", session), 400, "Idempotency-Key")
    expect(try open.buy(session, key: "k"), 409, "the cart is empty")
  }

  @Test func aClientThatLeavesInTheMiddle() throws {
    let open = try OpenShop()
    for text in ["GET /products/1 HTT", "POST /cart HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc"] {
      try open.connect().send(text)
    }
    try open.connect().send("GET", "/products/1")
    #expect(try open.ask("GET", "/health").status == 200)
  }
}
