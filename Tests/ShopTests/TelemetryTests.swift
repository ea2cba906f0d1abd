import Foundation
import Testing

@testable import Shop

@Suite struct TelemetryTests {
  @Test func metricsAreOpenMetrics() throws {
    let open = try OpenShop()
    for id in [1, 2, 0] { _ = try open.ask("GET", "/products/\(id)") }
    let reply = try open.ask("GET", "/metrics")
    #expect(reply.head.contains("application/openmetrics-text; version=1.0.0"))
    let lines = reply.text.split(separator: "\n").map(String.init)
    #expect(lines.last == "# EOF")
    var families: Set<String> = []
    var family = ""
    for line in lines.dropLast() {
      if let type = line.firstMatch(of: /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/) {
        family = String(type.1)
        // A family stands in one place.
        #expect(families.insert(family).inserted, "\(family) twice")
      } else if !line.hasPrefix("# HELP ") {
        let sample = line.firstMatch(of: /^([a-z_]+)(\{[^}]*\})? ([0-9.e+-]+)$/)
        #expect(sample?.1.hasPrefix(family) == true, "\(line)")
      }
    }
    #expect(
      lines.contains("shop_requests_total{route=\"GET /products/:id\",status=\"200\"} 2"))
    #expect(
      lines.contains("shop_requests_total{route=\"GET /products/:id\",status=\"404\"} 1"))
    #expect(
      lines.contains("shop_request_seconds_bucket{route=\"GET /products/:id\",le=\"+Inf\"} 3"))
    for name in ["shop_pool_in_use", "shop_queue_length", "shop_cache_hits"] {
      #expect(families.contains(name))
    }
  }

  @Test func spansAreOTLP() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json").path()
    defer { try? FileManager.default.removeItem(atPath: file) }
    let open = try OpenShop { $0.traces = file }
    _ = try open.buy(open.cart(), key: "k")
    open.close()
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 5)
    let last = try JSONSerialization.jsonObject(with: Data(lines.last!.utf8))
    let resource = try require((last as? [String: [[String: Any]]])?["resourceSpans"]?.first)
    let scope = try require((resource["scopeSpans"] as? [[String: Any]])?.first)
    let spans = try require(scope["spans"] as? [[String: Any]])
    let names = spans.map { $0["name"] as? String ?? "" }
    #expect(names[0] == "POST /checkout")
    #expect(names.contains("payment") && names.contains("database"))
    #expect(names.contains("Checkout.buy") && names.contains("Payments.pay"))
    let text = String(lines.last!)
    #expect(text.contains(#"{"key":"code.function.name","value":{"stringValue":"Checkout.buy"}}"#))
    #expect(text.contains(#"{"key":"db.query.text","value":{"stringValue":"INSERT INTO payments"#))
    let ids = Set(spans.map { $0["spanId"] as? String ?? "" })
    #expect(ids.count == spans.count && ids.allSatisfy { $0.count == 16 })
    #expect(Set(spans.map { $0["traceId"] as? String ?? "" }).count == 1)
    #expect(spans.dropFirst().allSatisfy { ids.contains($0["parentSpanId"] as? String ?? "") })
    for span in spans {
      let start = try require(UInt64(span["startTimeUnixNano"] as? String ?? ""))
      let end = try require(UInt64(span["endTimeUnixNano"] as? String ?? ""))
      #expect(start <= end)
    }
  }

  @Test func theLogIsInCombinedFormat() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).log").path()
    defer { try? FileManager.default.removeItem(atPath: file) }
    let open = try OpenShop { $0.accessLog = file }
    _ = try open.ask("GET", "/products/1", ["User-Agent": "a \"quoted\" one"])
    _ = try open.ask("GET", "/nothing")
    open.close()
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let form =
      /^127\.0\.0\.1 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}(:\d\d){3} \+0000\] "[^"]+" \d{3} \d+ "-" "[^"]*" \d+$/
    for line in lines { #expect(line.wholeMatch(of: form) != nil, "\(line)") }
    #expect(lines.count == 2)
    #expect(lines[0].contains("\"GET /products/1 HTTP/1.1\" 200"))
  }

  @Test func aLogThatCannotBeWrittenIsOneLine() throws {
    let error = #expect(throws: ShopRefused.self) {
      try OpenShop { $0.accessLog = "/nonesuch/access.log" }
    }
    #expect(
      error.map { "\($0)" }
        == "/nonesuch/access.log can't be used: No such file or directory")
  }
}
