import Harness
import LoadBenches
import Results
import Systems

/// A response said that the request has failed.
struct RequestFailed: Error {}

/// A backend that fails a share of the requests, and connections to it.
final class FailingServer {
  private let backend: Backend
  let connections: [Socket]
  private let failures: Double
  private let seed: UInt64
  private var call: UInt64 = 0
  var report: [String: Counter] = [:]
  private let loops: EventLoops

  init(_ point: Point, connections count: Int) throws {
    loops = try EventLoops(cpus: [point.cpus[1]])
    let backend = try Backend(on: loops.loops[0])
    connections = try (0..<count).map { _ in
      try Socket.connected(to: backend.endpoint, options: [.noDelay(true)])
    }
    self.backend = backend
    failures = Double(point.value) / 100
    seed = point.seed
  }

  /// The n-th calls of all instances meet the same failures.
  func beginCall() {
    call += 1
    do { try backend.behave(Behaviour(failures: failures), seed: seed &+ call) } catch {
      LoadBench.end("\(error)")
    }
  }
}

/// Sends a request and waits for its response.
/// - Returns: the id in the response.
func request(_ id: Int, on connection: Socket) throws -> UInt64 {
  let wire = EchoProtocol()
  var bytes: [UInt8] = []
  wire.encode(Request(id: UInt64(id)), into: &bytes)
  try bytes.withUnsafeBytes { try connection.send($0) }
  _ = try bytes.withUnsafeMutableBytes { try connection.receiveAll($0) }
  let scan = bytes.withUnsafeBytes { wire.scan($0, for: Request(id: UInt64(id))) }
  guard case .whole(let answer, _) = scan else { return ~UInt64(id) }
  guard answer.status == .succeeded else { throw RequestFailed() }
  return UInt64(id)
}
