import Glibc
import Harness
import Platform
import Results
import Systems

/// Connections to an echo server, which one thread uses in groups.
final class EchoClient {
  static let requestBytes = 64

  /// Requests that are outstanding at the same time.
  let atOnce: Int
  /// Memory of the process that the connections have added, divided by their number.
  private(set) var bytesPerConnection = 0.0
  private let server: any EchoServer
  private var connections: [Socket] = []
  private var next = 0
  private let requests: [UInt8]
  private var response = [UInt8](repeating: 0, count: requestBytes)

  init(_ point: Point, server: any EchoServer) throws {
    DescriptorLimit.raise()
    self.server = server
    atOnce = min(64, point.value)
    requests = point.bytes(atOnce * Self.requestBytes)
    let before = residentMemory().value ?? 0
    for index in 0..<point.value {
      connections.append(try .connected(to: server.endpoint, options: [.noDelay(true)]))
      try server.accepted()
      // Its response shows that it was accepted, so that the backlog never fills; and stacks and
      // buffers are there now.
      try send(0, on: index)
      _ = try receive(on: index)
    }
    bytesPerConnection = max(1, (residentMemory().value ?? 0) - before) / Double(point.value)
  }

  /// A request on each of the next connections, then their responses.
  /// - Returns: the sum of the responses.
  func requestOnNext() throws -> UInt64 {
    if next + atOnce > connections.count { next = 0 }
    let group = next..<next + atOnce
    next += atOnce
    for index in group { try send(index - group.lowerBound, on: index) }
    return try group.reduce(0) { try $0 &+ receive(on: $1) }
  }

  private func send(_ request: Int, on index: Int) throws {
    let start = request * Self.requestBytes
    try requests.withUnsafeBytes { requests in
      let request = requests[start..<start + Self.requestBytes]
      try connections[index].send(UnsafeRawBufferPointer(rebasing: request))
    }
  }

  private func receive(on index: Int) throws -> UInt64 {
    try response.withUnsafeMutableBytes { response in
      guard try connections[index].receiveAll(response) else {
        throw SystemError(call: "the echo server", errno: ECONNRESET)
      }
      return wordSum(UnsafeRawBufferPointer(response))
    }
  }
}
