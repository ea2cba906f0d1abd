import Glibc
import Harness
import PlantedExperiments
import Platform
import Results

// A worker for the planted experiments, or one that misbehaves in the way that it is told; or a
// laboratory that gets Ctrl-C, whose mark on the process no test could take back.
switch CommandLine.arguments.dropFirst().first {
case "garbage":
  var line = "this is no reply\n"
  while getchar() != EOF {}
  line.withUTF8 { _ = write(4, $0.baseAddress, $0.count) }
  sleep(5)
case "silence": sleep(60)
case "deaf":
  close(4)
  exit(9)
case "interrupted": print(try statusesOfAnInterruptedRun())
default: Worker.serve(catalog: planted)
}

/// Presses Ctrl-C as the second point begins.
func statusesOfAnInterruptedRun() throws -> String {
  let machine = Machine(
    name: "planted", processor: "none", architecture: "none", cores: 1, threads: 1, packages: 1,
    numaNodes: 1, memoryBytes: 1 << 30, caches: [], kernel: "none", system: "none", hypervisor: nil)
  let orchestrator = Orchestrator(
    preset: .smokeTwice, seed: 42, cpus: [try Affinity.allowed().last ?? 0], machine: machine,
    facilities: Facilities(
      cores: 1, numaNodes: 1, threadsPerCore: 1, availableMemory: 1 << 32,
      hasLibrary: { _ in false }, hasFile: { _ in false },
      peer: { .failure(.absent($0.library)) }),
    launch: WorkerLaunch(path: "/proc/self/exe", arguments: [], environment: [:], timeout: 20))
  Interrupt.catchSignals()
  var begun = 0
  let half = planted.first { $0.id == "planted/half" }!
  let result = try orchestrator.run(half, sources: []) { event in
    if case .started = event { begun += 1 }
    if begun == 2 { raise(SIGINT) }
  }
  return ([result.status] + result.points.map(\.status)).map(\.rawValue).joined(separator: " ")
}

extension Preset {
  static let smokeTwice = Preset(
    name: "brief", processes: 2...2, secondsPerProcess: 0.002, pointSeconds: 0, halfWidth: 0.01)
}
