import Assessment
import Glibc
import Lab
import Platform
import Shop
import Systems

/// A shop with planted faults in a process of its own, under load, and what can be seen of it.
struct ExaminedShop {
  private static let payment = 200
  private let sicknesses: [String]
  private let seconds: Double

  /// - Parameters:
  ///   - sicknesses: names of faults.
  ///   - seconds: of the observation.
  init(_ sicknesses: [String], seconds: Double) {
    (self.sicknesses, self.seconds) = (sicknesses, seconds)
  }

  /// Starts it, loads it in an open loop, and writes counters, metrics, access log and traces.
  /// - Throws: `CommandFailed`, also after an interrupt that is caught.
  func observe(into folder: String) throws {
    guard mkdir(folder, 0o755) == 0 else {
      throw CommandFailed("\(folder) can't be made: \(SystemError.describe(errno))")
    }
    do {
      let data = try ScratchFolder(bytes: 256 << 20)
      defer { withExtendedLifetime(data) {} }
      let arguments = Self.arguments(sicknesses, data.path, folder)
      let program = Service.Program(
        "the Shop", path: Executable.path() ?? "", quits: true, files: { _ in [:] },
        arguments: { ["shop", "serve", "--port", "\($0.port)"] + arguments })
      let service = try Service(program, within: 60) { place in
        Service.answers(PathsProtocol(["/health"]), at: place.endpoint)
      }
      defer { service.stop() }
      try load(service.place.port, folder)
    } catch let failure as CommandFailed {
      throw failure
    } catch let error as AssessmentError {
      throw error
    } catch {
      try Self.endIfInterrupted()
      throw CommandFailed("the shop could not be observed: \(error)")
    }
  }

  private static func arguments(
    _ sicknesses: [String], _ data: String, _ folder: String
  ) -> [String] {
    [
      "--db", data, "--data", "medium", "--payment", "\(payment)", "--network", "2", "--lifetime",
      "2", "--log", "\(folder)/access.log", "--traces", "\(folder)/traces.json", "--sick",
    ] + sicknesses
  }

  private func load(_ port: UInt16, _ folder: String) throws {
    Lab.note("observing a shop for \(Int(seconds)) seconds")
    let warmUp = 3.0
    var load = VisitLoad(port: port, users: 40, think: 0, seconds: seconds + warmUp + 0.5)
    load.rate = 120
    load.popular = 20
    load.deadLinks = 0.05
    load.connections = 400
    let visits = load
    let visitors = try ServerThread(on: nil, isJoined: true) { _ = try? visits.visit(.medium) }
    usleep(UInt32(warmUp * 1e6))
    try Self.endIfInterrupted()
    var collector = Collector(seconds: seconds, interval: 0.2)
    collector.metrics = MetricsAddress("http://127.0.0.1:\(port)/metrics")
    _ = try collector.run(into: folder)
    // The visitors would go on to the end of their time.
    try Self.endIfInterrupted()
    visitors.join()
  }

  private static func endIfInterrupted() throws {
    guard Interrupt.isCaught else { return }
    throw CommandFailed("interrupted; nothing was kept", exitCode: 128 + Interrupt.signal)
  }
}
