import CPerflab
import Harness
import Results

/// Throughput of add and multiply-add at each vector width, and the peak that follows.
///
/// The kernels are in C (`throughput.c`), which can hold each value in a register of its own:
/// Swift's optimiser merges independent scalars into vectors and splits wide ones.
enum Throughput {
  typealias Kernel = @convention(c) (_ rounds: Int64, _ a: Float, _ b: Float) -> Float

  static let widths = ["scalar", "128", "256", "512"]

  static func probes(_ levels: Levels) -> [Probe] {
    let fma: [Kernel] = [perflab_fma_scalar, perflab_fma_128, perflab_fma_256, perflab_fma_512]
    let add: [Kernel] = [perflab_add_scalar, perflab_add_128, perflab_add_256, perflab_add_512]
    return zip(widths, fma).map { one("fma", "Multiply-add", $0, $1) }
      + zip(widths, add).map { one("add", "Add", $0, $1) }
      + zip(widths, fma).map { all(levels.threads, $0, $1) }
  }

  static let derived = [
    DerivedNumber(
      "flops.peak", group: "Arithmetic", title: "Peak of one core, Float",
      unit: .floatOperationsPerSecond,
      method: "two operations per lane of a multiply-add, at the best width",
      from: widths.map { "fma.throughput.\($0)" }, compute: { best($0) }),
    DerivedNumber(
      "flops.peak.all", group: "Arithmetic", title: "Peak of all cores, Float",
      unit: .floatOperationsPerSecond, method: "the same on all cores concurrently",
      from: widths.map { "fma.all.\($0)" }, compute: { best($0) }),
  ]

  /// Operations per second from nanoseconds per instruction; widths not in the build are NaN.
  private static func best(_ nanoseconds: [Double]) -> Double? {
    zip([1.0, 4, 8, 16], nanoseconds).filter { !$1.isNaN }.map { 2 * $0 * 1e9 / $1 }.max()
  }

  private static func one(
    _ family: String, _ title: String, _ width: String, _ kernel: @escaping Kernel
  ) -> Probe {
    let name = "\(family).throughput.\(width)"
    return Probe(
      name, group: "Arithmetic",
      title: "\(title), \(width == "scalar" ? "Float" : "\(width)-bit vector"), throughput",
      method: "time per instruction with \(PERFLAB_CHAINS) independent chains", value: 1_000,
      smoke: 4, reading: { .operations(Double(Int(PERFLAB_CHAINS) * $0)) },
      variant: Variant(
        name, shows: [],
        prepare: { point in
          try require(width, multiplyAdd: family == "fma")
          return Int64(point.value)
        },
        run: { rounds in kernel(rounds, 1, 0.5) }))
  }

  private static func all(
    _ threads: Int, _ width: String, _ kernel: @escaping Kernel
  ) -> Probe {
    Probe(
      "fma.all.\(width)", role: .ingredient, group: "Arithmetic",
      title: "Multiply-add on all cores, \(width)", method: "as fma.throughput, on a team",
      value: 40_000, smoke: 4, startsThreads: true,
      reading: { .operations(Double(threads * Int(PERFLAB_CHAINS) * $0)) },
      variant: Variant(
        "team", shows: [],
        prepare: { point in
          try require(width, multiplyAdd: true)
          return (try point.team(threads), Int64(point.value))
        },
        run: { team, rounds in
          team.run { _ in _ = kernel(rounds, 1, 0.5) }
          return 0
        }))
  }

  private static func require(_ width: String, multiplyAdd: Bool) throws(ProbeUnavailable) {
    if let bits = Int(width), bits > Int(PERFLAB_VECTOR_BITS) {
      throw ProbeUnavailable("this build has no \(bits)-bit vectors")
    }
    if multiplyAdd, perflab_has_fma() == 0 {
      throw ProbeUnavailable("this build has no multiply-add instruction")
    }
  }
}
