import Results

@testable import Harness

/// Suites whose models are asked about a machine with few numbers.
protocol AsksModels {}

extension AsksModels {
  func question(
    levels: [Int] = [1, 2, 3], staircase: [Int: Double] = [:], curves: [String: Double] = [:]
  ) -> Question {
    var machine = Machine.empty
    let sizes = [1: 32 << 10, 2: 1 << 20, 3: 32 << 20]
    machine.caches = levels.map {
      Machine.Cache(
        level: $0, bytes: sizes[$0]!, lineBytes: 64, sharedBy: 1, ways: $0 == 1 ? 8 : nil)
    }
    let numbers: [(String, Double)] = [
      ("latency.l1", 1), ("latency.l2", 4), ("latency.l3", 12), ("latency.memory", 100),
      ("mlp.memory", 20),
      ("bandwidth.read.l1", 128e9), ("bandwidth.read.l2", 64e9), ("bandwidth.read.l3", 32e9),
      ("bandwidth.read.memory", 16e9),
    ]
    for (name, value) in numbers + staircase.map({ ("staircase.\($0)", $1) })
      + curves.map({ ($0, $1) })
    {
      let interval = Interval(estimate: value, low: value, high: value)
      machine.numbers[name] = MachineNumber(Quantity(interval, unit: .count), method: "")
    }
    return Question(variant: "", value: 0, machine: machine)
  }
}

extension Machine {
  static let empty = Machine(
    name: "", processor: "", architecture: "", cores: 1, threads: 1, packages: 1, numaNodes: 1,
    memoryBytes: 0, caches: [], kernel: "", system: "", hypervisor: nil)
}
