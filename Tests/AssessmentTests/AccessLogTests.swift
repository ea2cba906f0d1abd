import Testing

@testable import Assessment

/// What servers write of their requests, in the formats of their manuals.
@Suite struct AccessLogTests {
  @Test func accessLogs() throws {
    let nginx = try Fixture.readings(
      """
      10.0.0.1 - - [28/Nov/2026:17:00:00 +0000] "GET /products/17?a=1 HTTP/1.1" 200 512 "-" "a \\"b\\"" 0.004
      10.0.0.1 - - [28/Nov/2026:17:00:01 +0000] "GET /products/18 HTTP/1.1" 500 100 "-" "agent" 0.100
      """)
    let log = try #require(nginx.routes["GET /products/:id"])
    #expect(log.requests == 2 && log.failed == 1 && log.bytes == 612)
    #expect(abs(log.seconds! - 0.104) < 1e-9)
    #expect(abs(log.quantile(0.4)! - 0.004) < 0.0005)
    let apache = try Fixture.readings(
      """
      ::1 - bob [28/Nov/2026:17:00:00 +0000] "POST /a/0a1b2c3d-4e5f-6789-abcd-ef0123456789 HTTP/2" 201 - 15000
      """)
    #expect(abs(apache.routes["POST /a/:id"]!.seconds! - 0.015) < 1e-9)
    // Small integers may be anything.
    let line = "1 - - [28/Nov/2026:17:00:00 +0000] \"GET / HTTP/1.1\" 200 5 3\n"
    let unclear = try Fixture.readings(String(repeating: line, count: 50))
    #expect(unclear.routes["GET /"]!.seconds == nil)
    #expect(unclear.unread.count == 1 && unclear.unread[0].contains("can't be known"))
  }

  /// The time stands where its makers put it: behind a name, in quotation marks, with its unit, before
  /// the browser's name.
  @Test(arguments: [
    "\"-\" \"agent 1.5\" \"-\" rt=0.020 uct=\"0.000\" urt=\"0.019\"",
    "\"-\" \"agent\" rt=\"0.020\"", "\"-\" \"-\" 42 \"shop@docker\" \"http://10.0.0.1:80\" 20ms",
    "20000 \"-\" \"agent \\\"1.5\\\"\"", "\"-\" \"agent\" 512 0.020 .",
  ]) func timesOfAccessLogs(end: String) throws {
    let log = try Fixture.readings(
      "::1 - - [28/Nov/2026:17:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \(end)\r\n")
    #expect(abs(log.routes["GET /"]!.seconds! - 0.02) < 1e-9)
    #expect(log.assumed.count == (end.hasPrefix("20000") ? 1 : 0))
  }

  @Test(arguments: ["Nov 29 06:00:00 lb haproxy[14389]: ", ""])
  func theLogOfHAProxy(prefix: String) throws {
    let line =
      prefix + "10.0.1.2:33317 [29/Nov/2026:06:00:00.655] http-in static/srv1 "
      + "10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {example.com} {} \"GET /items/7?a=1 HTTP/1.1\"\n"
    let early = line.replacing("/109 200", with: "/+91 503")
    let aborted = line.replacing("69/109 200", with: "-1/+7 -1").replacing("GET ", with: "<BAD")
    let log = try Fixture.readings(line + early + aborted)
    let route = try #require(log.routes["GET /items/:id"])
    #expect(route.requests == 2 && route.failed == 1 && route.bytes == 5_500)
    #expect(abs(route.seconds! - 0.2) < 1e-9)
    #expect(log.unread.count == 1)
  }

  /// As the makers' manuals have them: Caddy, Traefik, Envoy, Cloud Logging, nginx with its variables.
  @Test(arguments: [
    #"{"level":"info","ts":1.5,"msg":"handled request","request":{"remote_ip":"::1","method":"GET","uri":"/items/7?a=1","headers":{"User-Agent":["a \"b\\"]}},"duration":0.020001,"size":5,"status":200}"#,
    #"{"ClientAddr":"::1","Duration":20000500,"DownstreamContentSize":5,"DownstreamStatus":200,"OriginDuration":7,"RequestMethod":"GET","RequestPath":"/items/7"}"#,
    #"{"bytes_sent":5,"method":"GET","path":"/items/7?b","response_code":200,"duration":20,"user_agent":null}"#,
    #"{"httpRequest": {"requestMethod": "GET", "requestUrl": "https://example.com/items/7", "responseSize": "5", "status": 200, "latency": "0.020s"}}"#,
    #"{"httpRequest":{"requestMethod":"GET","requestUrl":"https:\/\/example.com\/items\/7?a","responseSize":5,"status":200,"latency":"0.020s"}}"#,
    #"{"request_method":"GET","request_uri":"\/items\/7","status":200,"body_bytes_sent":5,"request_time":0.02}"#,
    #"{"request":"GET /items/7 HTTP/1.1","status":"200","body_bytes_sent":"5","request_time":"0.020"}"#,
  ]) func accessLogsInJSON(line: String) throws {
    let log = try Fixture.readings(line + "\n" + line + "\n{\"status\":200}\n")
    let route = try #require(log.routes["GET /items/:id"])
    #expect(route.requests == 2 && route.bytes == 10)
    #expect(abs(route.seconds! - 0.04) < 1e-5)
    #expect(log.unread.count == 1)
  }

  /// Other programs' objects have times of any unit; what is no request is left out; a client that has left.
  @Test func accessLogsInJSONOfOthers() throws {
    let echo = try Fixture.readings(
      #"{"method":"GET","uri":"/a","status":200,"latency":37567,"bytes_out":7}"#)
    #expect(echo.routes["GET /a"]?.seconds == nil && echo.routes["GET /a"]?.bytes == 7)
    #expect(echo.unread == ["the access log has no times of requests, or times of unknown unit"])
    let caddy =
      #"{"logger":"http.log.access","request":{"method":"GET","uri":"/a"},"status":0,"duration":4.5e-05}"#
    let left = try Fixture.readings(caddy + "\n" + caddy.replacing("log.access", with: "log.error"))
    #expect(left.routes["GET /a"]?.requests == 1 && left.routes["GET /a"]?.refused == 1)
    #expect(abs(left.routes["GET /a"]!.seconds! - 4.5e-5) < 1e-9)
    let go =
      #"{"request":{"headers":{"method":"EVIL"},"method":\#t"GET","uri":"/a"},"status":200,"duration":"12.5ms"}"#
    #expect(abs(try Fixture.readings(go).routes["GET /a"]!.seconds! - 0.0125) < 1e-9)
    #expect(throws: AssessmentError.self) {
      try Fixture.readings(#"{"job":{"method":"Sync.run","path":"s3://a"},"status":200}"#)
    }
  }

  /// Cut off anywhere, a line is left out or read in part, and nothing else happens.
  @Test func anAccessLogInJSONThatIsCutOff() throws {
    let line =
      #"{"request":{"method":"GET","uri":"/a"},"status":200,"size":5,"latency":"0.5s","duration":1.5}"#
    for length in 0...line.count {
      let log = try Fixture.readings("\(line)\n\(line.prefix(length))")
      #expect((1...2).contains(try #require(log.routes["GET /a"]).requests))
    }
  }

  @Test(arguments: [
    "0 DC 154 5 20 100 \"10.0.35.28\" \"agent\"",
    "204 - via_upstream - \"-\" 0 5 20 4 \"-\" \"agent\" \"id\" \"host\" \"10.0.0.1:80\" inbound|80||",
  ]) func theLogOfEnvoy(end: String) throws {
    let log = try Fixture.readings(
      "[2026-11-29T20:17:00.310Z] \"GET /items/7 HTTP/2\" \(end)\n")
    let route = try #require(log.routes["GET /items/:id"])
    #expect(route.requests == 1 && route.bytes == 5 && abs(route.seconds! - 0.02) < 1e-9)
  }

  /// Apache with the time first is no Envoy; the process's number behind the time is no byte.
  @Test(arguments: [
    "[29/Nov/2026:06:00:00 +0000] \"GET / HTTP/1.1\" 200 512 1234 80 7",
    "::1 - - [28/Nov/2026:17:00:00 +0000] \"GET / HTTP/1.1\" 200 512 \"-\" 25000 31245",
  ]) func timesBeforeOtherIntegers(line: String) throws {
    if line.hasPrefix("[") {
      #expect(throws: AssessmentError.self) { try Fixture.readings(line) }
    } else {
      #expect(try Fixture.readings(line).routes["GET /"]!.seconds == 0.025)
    }
  }

  @Test func trafficIsNoTime() throws {
    let line =
      "::1 - - [28/Nov/2026:17:00:00 +0000] \"GET / HTTP/1.1\" 200 5000 \"-\" \"-\" 1200 5310\n"
    let log = try Fixture.readings(String(repeating: line, count: 50))
    #expect(log.routes["GET /"]!.seconds == nil)
    #expect(log.unread.count == 1 && log.unread[0].contains("combinedio"))
  }
}
