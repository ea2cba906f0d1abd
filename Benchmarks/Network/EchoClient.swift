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
    for _ in 0..<point.value {
      connections.append(try .connected(to: server.endpoint, options: [.noDelay(true)]))
      try server.accepted()
    }
    // The first request of each: stacks and buffers are there now.
    for _ in 0..<point.value / atOnce { _ = try requestOnNext() }
    bytesPerConnection = max(1, (residentMemory().value ?? 0) - before) / Double(point.value)
  }

  /// A request on each of the next connections, then their responses.
  /// - Returns: the sum of the responses.
  func requestOnNext() throws -> UInt64 {
    if next + atOnce > connections.count { next = 0 }
    let group = next..<next + atOnce
    next += atOnce
    try requests.withUnsafeBytes { requests in
      for (place, index) in group.enumerated() {
        let start = place * Self.requestBytes
        let request = requests[start..<start + Self.requestBytes]
        try connections[index].send(UnsafeRawBufferPointer(rebasing: request))
      }
    }
    var sum: UInt64 = 0
    for index in group {
      sum &+= try response.withUnsafeMutableBytes { response in
        try connections[index].receiveAll(response)
        return wordSum(UnsafeRawBufferPointer(response))
      }
    }
    return sum
  }
}
