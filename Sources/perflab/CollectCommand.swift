import ArgumentParser
import Assessment
import Glibc
import Lab
import Platform

struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Take snapshots of this system's counters for 'diagnose', without privileges.",
    discussion: """
      Writes proc.txt (the kernel's counters of processors, memory, disks, network, processes) and, \
      with --metrics, metrics.txt (what an application exports as OpenMetrics). Nothing leaves the \
      machine.
      """)

  @Option(help: "Seconds of the whole.")
  var seconds = 30.0

  @Option(help: "Seconds between snapshots.")
  var every = 0.5

  @Option(help: "The folder for the files, which is made where it does not exist.")
  var out: String

  @Option(help: "Address of an application's metrics, such as http://127.0.0.1:8080/metrics.")
  var metrics: String?

  @Option(
    name: .customLong("pid"), parsing: .upToNextOption,
    help: "Processes to look at (default: all).")
  var processes: [Int] = []

  func run() throws {
    guard (0.1...86_400).contains(seconds), (0.05...3_600).contains(every), every <= seconds else {
      throw CommandFailed(
        "--seconds is from 0.1 to 86400, --every from 0.05 to --seconds", exitCode: 64)
    }
    for id in processes {
      guard let process = pid_t(exactly: id), process > 0, kill(process, 0) == 0 || errno == EPERM
      else { throw CommandFailed("there is no process \(id)", exitCode: 64) }
    }
    var collector = Collector(seconds: seconds, interval: every)
    collector.processes = processes
    if let metrics {
      guard let address = MetricsAddress(metrics) else {
        throw CommandFailed(
          "'\(metrics)' is no address; write http://127.0.0.1:8080/metrics", exitCode: 64)
      }
      collector.metrics = address
    }
    Interrupt.catchSignals()
    do {
      let outcome = try collector.run(into: out)
      for line in outcome.missing { Lab.note("left out: \(line)") }
      if Interrupt.isCaught {
        throw CommandFailed(
          "interrupted; the \(outcome.snapshots) snapshots until then are in \(out)",
          exitCode: 128 + Interrupt.signal)
      }
      try Lab.line("\(outcome.snapshots) snapshots in \(out); next: 'perflab diagnose \(out)'")
    } catch let error as AssessmentError { throw CommandFailed("\(error)") }
  }
}
