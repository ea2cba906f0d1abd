import Harness
import Results
import Statistics

extension Experiment {
  /// Services on machines of their own, or several on each.
  static let binPacking = Experiment(
    cost: "bin-packing", "compute/right-sizing",
    title: "Services on machines: one each → packed by cores and memory",
    claim: """
      Packing pays from about half a dozen small services on, below which the cluster's control \
      plane and the spare machine cost what it saves; beyond fifty services it saves some 40%, \
      and more of them hardly change that.
      """,
    mechanism: """
      A service needs cores and memory in a proportion of its own; a machine has them in one. First \
      fit, largest first, fills machines until one of the two runs out, so that the other is left \
      over. What is lost falls with the number of services and does not vanish. On top come a share \
      of each machine for the system, one spare machine for the loss of another, and a control \
      plane. The sizes are drawn once, from lognormal distributions about one core and three \
      gibibytes.
      """,
    limits: """
      Requests are packed, not use: a service that asks for twice what it needs leaves half a \
      machine empty that looks full. Neighbours share caches and memory bandwidth, which no request \
      names. Each service's second replica has to stay off the first one's machine.
      """,
    diagram: """
      flowchart LR
        subgraph before["one each: {one each}"]
          s0["{point}"] --> m0["a machine each"]
        end
        subgraph after["packed: {packed}"]
          s1["{point}"] --> f1["first fit, largest first"] --> m1["machines, one spare"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "services", [2, 5, 10, 20, 50, 100, 300], smoke: 20, label: { "\($0) services" }),
    rule: RuleOfThumb(
      "containers double utilisation", source: "advertisements of container platforms"),
    options: [
      option("one each", code: "alone", bill: alone),
      option("packed", code: "packed", "firstFit", bill: packed),
    ])
}

/// An m5.xlarge.
private let machine = (cores: 4.0, gibibytes: 16.0)

/// What services ask for, the same for every bill.
private let sizes: [(cores: Double, gibibytes: Double)] = {
  var random = SeededGenerator(seed: 7)
  return (0..<300).map { _ in
    let cores = exponential(0.8 * random.normal())
    return (min(3.5, cores), min(14, 3 * exponential(0.9 * random.normal())))
  }
}()

/// Machines that first fit, largest first, needs.
/// - Parameter usable: share of a machine that services may have.
private func firstFit(_ services: Int, usable: Double) -> Int {
  let sorted = sizes.prefix(services).sorted {
    max($0.cores / machine.cores, $0.gibibytes / machine.gibibytes)
      > max($1.cores / machine.cores, $1.gibibytes / machine.gibibytes)
  }
  var free: [(cores: Double, gibibytes: Double)] = []
  for size in sorted {
    let fits = free.firstIndex { $0.cores >= size.cores && $0.gibibytes >= size.gibibytes }
    if let fits {
      free[fits].cores -= size.cores
      free[fits].gibibytes -= size.gibibytes
    } else {
      free.append(
        (
          max(0, usable * machine.cores - size.cores),
          max(0, usable * machine.gibibytes - size.gibibytes)
        ))
    }
  }
  return free.count
}

/// The smallest machine of the list that fits, for each.
private func alone(_ services: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let small = sizes.prefix(Int(services)).count { $0.cores <= 1.8 && $0.gibibytes <= 7.2 }
  return try (Double(small) * Provider.aws.monthly("compute.m6i.large")).named("small machines")
    + ((services - Double(small)) * Provider.aws.monthly("compute.m5.xlarge")).named(
      "larger machines")
}

private func packed(_ services: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let usable = Ratio.assumed("share of a machine that services may have", 0.9, in: 0.8...0.95)
  let plane = Term<DollarsPerHour>.assumed("an hour of a control plane", 0.1, in: 0...0.2)
  // Packed once for each hundredth, and not in each draw.
  let needed = (80...95).map { firstFit(Int(services), usable: Double($0) / 100) }
  let machines = Ratio.function("machines by first fit", of: usable) {
    Double(needed[min(max(Int(100 * $0) - 80, 0), needed.count - 1)])
  }
  return ((1 + machines) * (try Provider.aws.monthly("compute.m5.xlarge"))).named("machines")
    + plane.perMonth.named("control plane")
}
