import Foundation
import Platform
import Testing

@testable import Systems

/// The generator beside h2load, a closed loop, on one server that stands still for 100 ms in every
/// 500 ms: a fifth of all requests is due during a stall. (wrk is a closed loop too, and corrects its
/// figures afterwards by requests that it never sent.)
///
/// The stall is planted and many times longer than anything else, so that the comparison does not
/// depend on the machine's speed.
@Suite struct CrossCheckTests {
  static let program = InstalledProgram.path(of: "h2load")

  @Test(.enabled(if: program != nil))
  func aClosedLoopOmitsAStallThatTheOpenLoopShows() throws {
    let loops = try EventLoops(cpus: [0])
    let stall = Stall(period: 500_000_000, length: 100_000_000)
    let backend = try Backend(on: loops.loops[0], speaking: .http, Behaviour(stall: stall))
    // 1% of all requests waits for longer than the stall less 1% of its period.
    let planted = 95_000
    let omitting = try closedLoop(backend.endpoint).sorted()
    #expect(omitting.last ?? 0 > 50_000, "it did meet a stall")
    #expect(omitting[omitting.count * 99 / 100] < planted / 2)

    let exchange = try Exchange([.init(backend.endpoint, connections: 500)], wire: HTTPProtocol())
    let result = try exchange.run(
      .constant(rate: 500, seconds: 1), by: SendOnce(), grace: 2_000_000_000)
    #expect(try #require(result.latency(at: 0.99)) / 1_000 > planted * 9 / 10)
  }

  /// Microseconds of all requests that h2load sends in a second on one connection.
  private func closedLoop(_ endpoint: Endpoint) throws -> [Int] {
    let log = FileManager.default.temporaryDirectory.appending(path: "h2load-\(endpoint.port).tsv")
    defer { try? FileManager.default.removeItem(at: log) }
    let process = Process()
    process.executableURL = URL(filePath: Self.program!)
    process.arguments = [
      "--h1", "-c1", "-t1", "-D1", "--log-file=\(log.path(percentEncoded: false))",
      "http://\(endpoint)/",
    ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    // Start time, status, microseconds.
    return try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap {
      $0.split(separator: "\t").last.flatMap { Int($0) }
    }
  }
}
