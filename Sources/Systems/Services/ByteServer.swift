import Glibc
import Platform

/// A server that sends bytes on request.
///
/// A request is a number of eight bytes; the response is that many bytes from the beginning of the
/// server's content. Requests on a connection are answered in their order, and may be sent before
/// the responses to earlier ones have come.
public final class ByteServer: Sendable {
  /// Where it listens.
  public let endpoint: Endpoint
  private let listener: Socket

  /// Starts it.
  /// - Parameters:
  ///   - host: nil for the calling thread's own network, on the loopback interface.
  ///   - content: as long as the largest response.
  ///   - options: of its connections.
  ///   - cpu: where its threads run; nil for where the caller may run.
  ///   - isConcurrent: a thread per connection; else one thread serves a connection until it ends
  ///     before it accepts the next.
  /// - Throws: `SystemError` where the kernel refuses.
  public init(
    in host: Host? = nil, content: [UInt8], options: [SocketOption] = [], cpu: Int?,
    isConcurrent: Bool = false
  ) throws {
    let listener =
      try host?.run { [endpoint = host!.endpoint()] in
        try Socket.listening(at: endpoint, options: options)
      } ?? Socket.listening(options: options)
    self.listener = listener
    endpoint = try listener.endpoint()
    try ServerThread(on: cpu) {
      while let connection = try? listener.accept() {
        if isConcurrent {
          _ = try? ServerThread(on: nil) { try? serve(connection, content) }
        } else {
          try? serve(connection, content)
        }
      }
      // Out of descriptors, for one: who waits to be accepted must not wait for ever.
      listener.end()
    }
  }

  deinit { listener.end() }
}

/// Until the client ends.
private func serve(_ connection: Socket, _ content: [UInt8]) throws {
  try connection.set(.noDelay(true))
  var request: UInt64 = 0
  while try withUnsafeMutableBytes(of: &request, { try connection.receiveAll($0) }) {
    try content.withUnsafeBytes {
      try connection.send(UnsafeRawBufferPointer(rebasing: $0[..<min($0.count, Int(request))]))
    }
  }
}

/// The client's side of a `ByteServer`, with a buffer for a response.
public final class ByteClient {
  private let endpoint: Endpoint
  private let host: Host?
  private let options: [SocketOption]
  private let buffer: UnsafeMutableRawBufferPointer

  /// - Parameters:
  ///   - host: where its connections begin; nil for the calling thread's own network.
  ///   - largest: of the responses, in bytes.
  ///   - options: of its connections.
  public init(
    of server: ByteServer, in host: Host? = nil, largest: Int, options: [SocketOption] = []
  ) {
    endpoint = server.endpoint
    self.host = host
    self.options = options + [.noDelay(true)]
    buffer = .allocate(byteCount: largest, alignment: 64)
  }

  deinit { buffer.deallocate() }

  /// A new connection.
  /// - Parameter patience: nanoseconds after which it is begun anew, up to ten times; nil leaves a
  ///   lost handshake to the kernel, which repeats it after a second.
  public func connect(patience: Int? = nil) throws -> Socket {
    guard let patience else { return try connect(with: options) }
    for _ in 0..<10 {
      do {
        let socket = try connect(with: options + [.sendTimeOut(patience)])
        try socket.set(.sendTimeOut(0))
        return socket
      } catch let error as SystemError where error.errno == EINPROGRESS {}
    }
    return try connect(with: options)
  }

  private func connect(with options: [SocketOption]) throws -> Socket {
    guard let host else { return try Socket.connected(to: endpoint, options: options) }
    return try host.run { try Socket.connected(to: endpoint, options: options) }
  }

  /// Requests so many bytes, without waiting for them.
  /// - Parameter count: of equal requests, sent as one piece.
  public func request(_ bytes: Int, times count: Int = 1, on connection: Socket) throws {
    try [UInt64](repeating: UInt64(bytes), count: count).withUnsafeBytes {
      try connection.send($0)
    }
  }

  /// Receives a response.
  /// - Returns: the sum of its words, as `wordSum`.
  /// - Throws: `SystemError` where it ends early.
  public func receive(_ bytes: Int, on connection: Socket) throws -> UInt64 {
    let response = UnsafeMutableRawBufferPointer(rebasing: buffer[..<bytes])
    guard try connection.receiveAll(response) else {
      throw SystemError(call: "a response of \(bytes) bytes", errno: ECONNRESET)
    }
    return wordSum(UnsafeRawBufferPointer(response))
  }

  /// Requests so many bytes and receives them.
  public func fetch(_ bytes: Int, on connection: Socket) throws -> UInt64 {
    try request(bytes, on: connection)
    return try receive(bytes, on: connection)
  }
}
