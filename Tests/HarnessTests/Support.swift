import Glibc
import PlantedExperiments
import Platform
import Results

@testable import Harness

/// The planted worker beside the test bundle.
func plantedLaunch(_ arguments: [String] = [], timeout: Double = 20) -> WorkerLaunch {
  var path = [CChar](repeating: 0, count: 4096)
  let length = readlink("/proc/self/exe", &path, path.count - 1)
  let own = String(
    decoding: path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  // `swift test` runs the bundle itself or a helper outside the build folder, which names it.
  let bundle = ([own] + CommandLine.arguments).first { $0.contains(".xctest") } ?? own
  let cut = bundle.split(separator: "/").prefix { !$0.hasSuffix(".xctest") }
  return WorkerLaunch(
    path: "/" + cut.joined(separator: "/") + "/planted-worker", arguments: arguments,
    environment: [:], timeout: timeout)
}

func plantedExperiment(_ name: String) -> Experiment {
  planted.first { $0.id == "planted/" + name }!
}

let anyMachine = Machine(
  name: "planted", processor: "none", architecture: "none", cores: 2, threads: 2, packages: 1,
  numaNodes: 1, memoryBytes: 1 << 30, caches: [], kernel: "none", system: "none", hypervisor: nil)

let twoCores = Facilities(
  cores: 2, numaNodes: 1, threadsPerCore: 1, availableMemory: 1 << 32,
  hasLibrary: { $0 == "libpresent.so" }, hasFile: { _ in false },
  peer: { .failure(.absent($0.library)) })

func plantedOrchestrator(
  _ preset: Preset = brief, launch: WorkerLaunch = plantedLaunch(), machine: Machine = anyMachine,
  cpus: [Int] = [allowedCPU()]
) -> Orchestrator {
  Orchestrator(
    preset: preset, seed: 42, cpus: cpus, machine: machine, facilities: twoCores,
    launch: launch)
}

/// Two short rounds: every step is run, nothing can be said.
let brief = Preset(
  name: "brief", processes: 2...2, secondsPerProcess: 0.002, pointSeconds: 0, halfWidth: 0.01)

func allowedCPU() -> Int { (try? Affinity.allowed())?.last ?? 0 }

extension Model {
  /// With draws of its own.
  func speedup(
    over baseline: Model, lowerIsBetter: Bool = true, isMeasured: Bool = false,
    names: (baseline: String, own: String)
  ) -> PredictedSpeedup {
    var draws = InputDraws(seed: 1, count: 2_000)
    return speedup(
      over: baseline, lowerIsBetter: lowerIsBetter, isMeasured: isMeasured, names: names,
      draws: &draws)
  }
}
