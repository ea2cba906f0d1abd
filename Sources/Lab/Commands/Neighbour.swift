import ArgumentParser
import Glibc
import Harness
import Platform
import Results

/// A busy process beside the measured ones.
final class Neighbour {
  private let process: ChildProcess

  /// Starts one; nil where none is wanted.
  /// - Parameters:
  ///   - cpus: the measuring processor first.
  ///   - allowed: all that may be used.
  init?(_ kind: CalibrationSeries.Neighbour, cpus: [Int], allowed: [Int]) throws {
    guard kind != .none else { return nil }
    let measuring = cpus.first ?? 0
    guard let cpu = kind == .same ? measuring : allowed.first(where: { $0 != measuring }) else {
      throw LabError.noProcessor("a neighbour on another core needs a second processor")
    }
    let launch = WorkerLaunch.itself()
    do {
      process = try ChildProcess(
        path: launch.path, arguments: ["neighbour", "--cpu", String(cpu)],
        environment: launch.environment)
    } catch { throw LabError.invalid("the neighbour did not start: \(error)") }
  }

  func leave() { process.terminate() }
}

/// What a neighbour does: it goes through memory until its parent is gone.
struct NeighbourCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbour", abstract: "Keep a processor and the memory busy.",
    shouldDisplay: false)

  @Option(help: "The processor.")
  var cpu: Int

  func run() throws {
    try Affinity.pin(to: cpu)
    let parent = getppid()
    let count = 64 << 20
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
    var round: Int32 = 0
    while getppid() == parent {
      memset(memory, round & 0x7f, count)
      round &+= 1
    }
  }
}
