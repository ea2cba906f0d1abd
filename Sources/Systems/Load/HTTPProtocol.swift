/// GET requests of HTTP/1.1 on connections that stay open.
///
/// Answers must say their length (`Content-Length`). A status below 400 is a success.
public struct HTTPProtocol: WireProtocol, Equatable {
  /// Bytes of the longest body that is taken.
  private static let longest = 1 << 30

  /// `/index.html`
  public let path: String
  /// `localhost`
  public let host: String
  /// Whether the path is the demand instead, in nanoseconds: `/250000`. A `Backend` serves that long
  /// and answers with the same digits.
  public let carriesDemand: Bool
  private let start, end: [UInt8]

  /// A request for `path`.
  public init(path: String = "/", host: String = "localhost", carriesDemand: Bool = false) {
    (self.path, self.host, self.carriesDemand) = (path, host, carriesDemand)
    start = Array("GET \(carriesDemand ? "/" : path)".utf8)
    end = Array(" HTTP/1.1\r\nHost: \(host)\r\n\r\n".utf8)
  }

  /// See `WireProtocol`.
  public func encode(_ request: Request, into bytes: inout [UInt8]) {
    bytes.append(contentsOf: start)
    if carriesDemand { bytes.append(contentsOf: "\(request.demand)".utf8) }
    bytes.append(contentsOf: end)
  }

  /// See `WireProtocol`. Of a server that answers with the demand.
  public func echoDigest(of demands: [UInt64]) -> UInt64 {
    demands.reduce(0) { sum, demand in
      sum &+ LoadResult.mixed(Array("\(demand)".utf8).withUnsafeBytes { digest(of: $0) })
    }
  }

  /// See `WireProtocol`. The digest is that of the body.
  public func scan(_ bytes: UnsafeRawBufferPointer, for request: Request) -> AnswerScan {
    guard bytes.count >= 12 else { return .partial }
    guard bytes.starts(with: "HTTP/1.".utf8), let status = Self.number(bytes[9..<12]) else {
      return .garbage("no status line of HTTP/1: \(Self.line(bytes))")
    }
    var length: Int?
    var start = 0
    while let end = Self.lineEnd(bytes, from: start) {
      if end == start {
        guard let length else { return .garbage("an answer without Content-Length") }
        let bodyStart = end + 2
        guard (0...Self.longest).contains(length) else {
          return .garbage("a Content-Length of \(length)")
        }
        guard bytes.count >= bodyStart + length else { return .partial }
        let body = UnsafeRawBufferPointer(rebasing: bytes[bodyStart..<bodyStart + length])
        return .whole(
          Answer(status < 400 ? .succeeded : .failed, digest: digest(of: body)),
          bytes: bodyStart + length)
      }
      if let value = Self.contentLength(bytes[start..<end]) { length = value }
      start = end + 2
    }
    return start > 64 << 10 ? .garbage("a head of more than 64 KiB") : .partial
  }

  private static func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == 13 && bytes[index + 1] == 10 { return index }
      index += 1
    }
    return nil
  }

  private static func contentLength(_ line: Slice<UnsafeRawBufferPointer>) -> Int? {
    let name = "content-length:".utf8
    guard line.count > name.count, zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else {
      return nil
    }
    return number(line.dropFirst(name.count).drop { $0 == 32 })
  }

  private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
    Int(String(decoding: digits, as: UTF8.self).trimmingSuffix { $0 == " " })
  }

  private static func line(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes.prefix { $0 != 13 && $0 != 10 }.prefix(60), as: UTF8.self)
  }
}

extension String {
  fileprivate func trimmingSuffix(while matches: (Character) -> Bool) -> String {
    String(reversed().drop(while: matches).reversed())
  }
}
