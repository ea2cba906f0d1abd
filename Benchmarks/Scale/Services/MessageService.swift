import Glibc
import Harness
import Platform
import Systems

/// A service behind a connection over the loopback: a thread of its own answers messages, one after
/// the other. A message has its length in front, in four bytes.
final class MessageService {
  private var stream: MessageStream

  /// - Parameters:
  ///   - cpu: where its thread runs.
  ///   - answer: what a message is answered with.
  init(on cpu: Int, answer: @escaping @Sendable ([UInt8]) -> [UInt8]) throws {
    let (client, server) = try Socket.pair(options: [.noDelay(true)])
    try ServerThread(on: cpu) {
      var requests = MessageStream(server)
      while let message = orEnd({ try requests.next() }) {
        orEnd { try requests.send(answer(message)) }
      }
    }
    stream = MessageStream(client)
  }

  deinit { stream.socket.end() }

  /// Sends a message without waiting for its answer.
  func send(_ message: [UInt8]) throws { try stream.send(message) }

  /// The next answer.
  /// - Throws: where the connection has ended.
  func receive() throws -> [UInt8] {
    guard let answer = try stream.next() else {
      throw SystemError(call: "the service", errno: ECONNRESET)
    }
    return answer
  }

  /// Sends a message and waits for its answer.
  func call(_ message: [UInt8]) throws -> [UInt8] {
    try send(message)
    return try receive()
  }
}

/// Messages over one end of a connection, each with one system call where it comes in one piece.
private struct MessageStream {
  let socket: Socket
  private var received = [UInt8](repeating: 0, count: 64 << 10)
  private var filled = 0
  private var sent: [UInt8] = []

  init(_ socket: Socket) { self.socket = socket }

  mutating func send(_ message: [UInt8]) throws {
    sent.removeAll(keepingCapacity: true)
    withUnsafeBytes(of: UInt32(message.count)) { sent.append(contentsOf: $0) }
    sent.append(contentsOf: message)
    try sent.withUnsafeBytes { [socket] in try socket.send($0) }
  }

  /// Nil where the other side has ended.
  mutating func next() throws -> [UInt8]? {
    while true {
      if filled >= 4 {
        let length = received.withUnsafeBytes { Int($0.loadUnaligned(as: UInt32.self)) }
        if filled >= 4 + length {
          let message = Array(received[4..<4 + length])
          received.withUnsafeMutableBytes { [filled] bytes in
            bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[4 + length..<filled]))
          }
          filled -= 4 + length
          return message
        }
      }
      let count = try received.withUnsafeMutableBytes { [socket, filled] bytes in
        try socket.receive(UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
      }
      if count == 0 { return nil }
      filled += count
    }
  }
}
