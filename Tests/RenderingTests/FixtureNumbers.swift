import Rendering
import Results

extension Fixtures {
  /// The pages of the results, the numbers, the calibration and of comparisons together, as they
  /// lie in a machine's folder.
  static func files() -> [PageSet.File] {
    var results = results(all + modelled)
    results.machine.numbers = numbers.byName
    return PageSet.render(results, with: inputs)
      + PageSet.render(profiles, axis: "elements") + PageSet.render(numbersOfALargeMachine)
      + CalibrationPage.files(calibration) + exports() + atlas() + comparisonPages
  }

  /// All that a machine's folder can hold beside its results.
  static var inputs: PageInputs {
    PageInputs(
      calibration: calibration, history: history, counts: counts, profiles: [profiles.id: profiles])
  }

  static var numbers: Numbers {
    Numbers(
      run: run, machine: machine, fingerprint: "0", processes: 6, wallSeconds: 31.9,
      entries: [
        entry("add.latency", "Arithmetic", "Multiply-add, 512-bit vector, throughput", 0.81),
        entry("flops.peak", "Arithmetic", "Peak of one core", 1.2e11, .floatOperationsPerSecond),
        entry("latency.l1", "Memory latency", "Load from L1", 1.3),
        entry("latency.memory", "Memory latency", "Load from memory", 113, cycle: 0.31),
        entry("read.random.4k", "Storage", "Random read of 4 KiB", 73_263),
        NumberEntry(
          name: "page.fault.2m", group: "Memory management", title: "Page fault, 2 MiB",
          method: "touching | mapped memory", quantity: nil, missing: "no huge pages are offered"),
      ], series: [staircase, mountain])
  }

  /// With transfers between its processors.
  static var numbersOfALargeMachine: Numbers {
    var large = numbers
    large.series.append(transfers)
    large.team = team
    return large
  }

  /// Two packages of two NUMA nodes each. The members of a team alternate between the hardware
  /// threads of the cores, and the system counts the nodes' processors in turn.
  static var team: [TeamProcessor] {
    (0..<128).map { member in
      let cpu = member < 64 ? 2 * member : 2 * (member - 64) + 1
      return TeamProcessor(cpu: cpu, package: cpu % 4 / 2, node: cpu % 4)
    }
  }

  /// Between pairs of a few members of the team.
  private static var transfers: Series {
    var points: [SeriesPoint] = []
    for one in stride(from: 0, to: 128, by: 7) {
      for other in [one + 1, one + 2, (one + 64) % 128] where other < 128 && other != one {
        let (own, far) = (team[min(one, other)], team[max(one, other)])
        let time = own.node == far.node ? 45.0 : own.package == far.package ? 90 : 210
        points.append(
          SeriesPoint(
            x: Double(min(one, other)), y: Double(max(one, other)),
            quantity: Quantity(interval(time + Double(other % 5), 0.05), unit: .nanoseconds)))
      }
    }
    return Series(
      name: "line.transfer.matrix", title: "Cache-line transfer between processors",
      method: "half of a round trip of one word between two pinned threads",
      x: SeriesAxis("processor", unit: .count), y: SeriesAxis("processor", unit: .count),
      points: points)
  }

  private static func entry(
    _ name: String, _ group: String, _ title: String, _ value: Double, _ unit: Unit = .nanoseconds,
    cycle: Double = 0.27
  ) -> NumberEntry {
    NumberEntry(
      name: name, group: group, title: title, method: "chain of x * 0.5 + 1",
      quantity: Quantity(interval(value, 0.08), unit: unit), cycle: cycle)
  }

  private static var staircase: Series {
    let steps: [(Int, Double)] = [
      (4, 1.1), (16, 1.1), (32, 1.2), (64, 4.1), (256, 4.6), (1024, 6), (4096, 18), (16_384, 31),
      (65_536, 96), (262_144, 118),
    ]
    return Series(
      name: "staircase", title: "Latency staircase", method: "dependent loads along a cycle",
      x: SeriesAxis("working set", unit: .bytes), y: nil,
      points: steps.map { kibibytes, latency in
        SeriesPoint(
          x: Double(kibibytes * 1024), y: nil,
          quantity: Quantity(interval(latency, 0.1), unit: .nanoseconds))
      })
  }

  private static var mountain: Series {
    var points: [SeriesPoint] = []
    for (row, size) in [16, 128, 1024, 8192, 65_536].enumerated() {
      for (column, stride) in [8, 32, 128, 1024].enumerated() {
        // One cell is missing.
        if row == 4 && column == 3 { continue }
        let rate = 64e9 / Double((row + 1) * (row + 1) * (column + 1))
        points.append(
          SeriesPoint(
            x: Double(size * 1024), y: Double(stride),
            quantity: Quantity(interval(rate, 0.05), unit: .bytesPerSecond)))
      }
    }
    return Series(
      name: "mountain", title: "Memory mountain", method: "words read at a stride",
      x: SeriesAxis("working set", unit: .bytes), y: SeriesAxis("stride", unit: .bytes),
      points: points)
  }
}
