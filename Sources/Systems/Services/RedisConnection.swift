import Glibc
import Platform

/// A connection to a Redis server, closed with its last reference. For one thread at a time.
///
/// Source: *Redis serialization protocol specification*, version 2 (RESP2).
public final class RedisConnection {
  /// What a command returns.
  public enum Reply: Equatable, Sendable {
    /// A status, such as `OK`, or a value.
    case text(String)
    case integer(Int)
    case array([Reply])
    /// There is no such value.
    case absent
  }

  private let socket: Socket
  private var received: [UInt8] = []
  private var next = 0
  private var part = [UInt8](repeating: 0, count: 4_096)

  /// Connects.
  /// - Throws: `SystemError`.
  public init(_ endpoint: Endpoint) throws(SystemError) {
    socket = try Socket.connected(to: endpoint, options: [.noDelay(true)])
  }

  /// Sends a command and waits for its reply, in one round trip.
  /// - Throws: `RedisError` with what the server says; `SystemError` where the connection is lost. It
  ///   is of no use then.
  public func run(_ command: String...) throws -> Reply {
    var text = "*\(command.count)\r\n"
    for word in command { text += "$\(word.utf8.count)\r\n\(word)\r\n" }
    try Array(text.utf8).withUnsafeBytes { try socket.send($0) }
    (received, next) = ([], 0)
    return try reply()
  }

  private func reply() throws -> Reply {
    let line = try line()
    let rest = String(line.dropFirst())
    switch line.first {
    case "+": return .text(rest)
    case "-": throw RedisError(message: rest)
    case ":": return .integer(try number(rest))
    case "$":
      let count = try number(rest)
      guard count >= 0 else { return .absent }
      return .text(String(decoding: try bytes(count + 2).dropLast(2), as: UTF8.self))
    case "*":
      let count = try number(rest)
      return count < 0 ? .absent : .array(try (0..<count).map { _ in try reply() })
    default: throw RedisError(message: "no reply of Redis: \(line.prefix(60))")
    }
  }

  private func number(_ text: String) throws(RedisError) -> Int {
    guard let number = Int(text) else { throw RedisError(message: "no number: \(text)") }
    return number
  }

  /// Up to the end of a line, without it.
  private func line() throws -> String {
    let start = next
    while true {
      while next + 1 < received.count {
        if received[next] == 13, received[next + 1] == 10 {
          next += 2
          return String(decoding: received[start..<next - 2], as: UTF8.self)
        }
        next += 1
      }
      try receive()
    }
  }

  private func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
    while received.count < next + count { try receive() }
    next += count
    return received[next - count..<next]
  }

  private func receive() throws {
    let count = try part.withUnsafeMutableBytes { try socket.receivePart($0) }
    received += part[..<count]
  }
}

/// What a Redis server has against a command.
public struct RedisError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The server's words.
  public let message: String

  /// `ERR unknown command (Redis)`
  public var description: String { "\(message) (Redis)" }
}
