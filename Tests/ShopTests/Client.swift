import Foundation
import Platform
import Systems

/// A client of HTTP/1.1 that sees every byte.
final class Client {
  struct Reply: CustomStringConvertible {
    let status: Int
    let head: String
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }
    var description: String { "\(status) \(text)" }
    var json: [String: Any] {
      (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
    }
  }

  let socket: Socket
  private var received = Data()

  init(_ endpoint: Endpoint) throws { socket = try Socket.connected(to: endpoint) }

  func ask(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: String = ""
  ) throws -> Reply {
    try send(method, path, headers, body: body)
    return try reply()
  }

  /// Without waiting for the reply.
  func send(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: String = ""
  ) throws {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: shop\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
    try send("\(text)\r\n\(body)")
  }

  func send(_ text: String) throws {
    try Array(text.utf8).withUnsafeBytes { try socket.send($0) }
  }

  /// The next reply.
  func reply() throws -> Reply {
    while true {
      if let end = received.firstRange(of: Data("\r\n\r\n".utf8)) {
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        let length =
          head.lowercased().split(separator: "\r\n")
          .first { $0.hasPrefix("content-length:") }
          .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
        if received.endIndex - end.upperBound >= length {
          let body = Data(received[end.upperBound..<end.upperBound + length])
          received = Data(received[(end.upperBound + length)...])
          let status = Int(head.split(separator: " ")[1]) ?? 0
          return Reply(status: status, head: head, body: body)
        }
      }
      guard try receive() else { throw Unexpected(reply: "the connection ended") }
    }
  }

  /// Whether there is nothing more to come: the server has closed the connection.
  func isAtEnd() throws -> Bool { try !receive() && received.isEmpty }

  private func receive() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = try buffer.withUnsafeMutableBytes { try socket.receive($0) }
    received.append(contentsOf: buffer.prefix(count))
    return count > 0
  }
}
