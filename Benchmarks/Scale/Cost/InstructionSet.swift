import Harness
import Prices
import Results

extension Experiment {
  /// Machines of two instruction sets, by what a request costs on them.
  static let instructionSet = Experiment(
    id: "scale/instruction-set",
    title: "x86 by habit → Arm, by dollars per request",
    slot: "scale/100m/cost",
    claim: """
      An Arm core may be little more than half as fast as an x86 processor that was measured on one \
      thread, and still serves a request for less: what is sold as two x86 processors is one core with \
      two hardware threads. Compared thread for thread the limit would be 85%.
      """,
    mechanism: """
      m6i.large has two hardware threads of one core, m7g.large two cores, for 15% less. A benchmark \
      of one thread has the x86 core to itself; a loaded server runs both threads, which together do \
      some 25% more than one. The Arm machine does twice what one of its cores does. So the \
      break-even is not the ratio of the prices but that × (1 + gain of the second thread) ÷ 2. The \
      load is 10,000 requests per second of the Shop, each with the time that it takes on one thread \
      of this machine.
      """,
    limits: """
      The speed of the Arm core is the axis: measure the own service on both, with all processors \
      loaded. Where a service waits for memory the second thread brings more. AMD's and newer \
      machines sell whole cores too, and close the gap. Software that is built for one instruction \
      set costs the port; containers for both cost two builds.
      """,
    diagram: """
      flowchart LR
        subgraph before["x86: {x86}"]
          c0["a core"] --> t0["thread"]
          c0 --> t1["thread"]
        end
        naive["x86, two threads as two cores: {x86, thread by thread}"]
        subgraph after["Arm: {Arm}"]
          a0["core: {point}"]
          a1["core: {point}"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "speed of an Arm core", [45, 55, 70, 85, 100, 120], smoke: 70,
      label: { "\($0) % of an x86 thread alone" }),
    metric: .dollars("cost"),
    work: { _ in Work(elements: 1, each: "month") },
    variants: [
      fleet("x86") { _, request throws(MissingNumber) in try hyperthreads(request, gain: gain) },
      fleet("x86, thread by thread", isReference: true) { _, request throws(MissingNumber) in
        try hyperthreads(request, gain: .exactly(1))
      },
      fleet("Arm") { speed, request throws(MissingNumber) in try cores(request, speed: speed) },
    ],
    rule: RuleOfThumb(
      "as fast as its price: 85% of the speed for 85% of the price", breakEven: 85,
      source: "list prices of m7g.large and m6i.large"),
    headline: DeclaredHeadline(value: 70, variant: "Arm"))
}

private let load = Term<PerSecond>.exactly(10_000)
/// Marr et al. measured up to 30% on servers; services that wait for memory gain more.
private let gain = Ratio.input(
  "gain of a second hardware thread", 0.25, low: 0.1, high: 0.4,
  source: "Marr et al., Hyper-Threading Technology Architecture and Microarchitecture, 2002")

/// Machines of two hardware threads on one core, which do 1 + gain of what one thread does alone.
private func hyperthreads(_ request: Time, gain: Ratio) throws(MissingNumber) -> Bill {
  let machines = load * request / (1 + gain) / used
  return (machines * (try Provider.aws.monthly("compute.m6i.large"))).named("machines")
}

/// Machines of two cores of a speed in percent.
private func cores(_ request: Time, speed: Double) throws(MissingNumber) -> Bill {
  let machines = (load * request) / (speed / 100 * 2 * used)
  return (machines * (try Provider.aws.monthly("compute.m7g.large"))).named("machines")
}

private let used = Ratio.assumed("utilisation that is aimed at", 0.6, in: 0.4...0.75)

private func fleet(
  _ name: String, isReference: Bool = false,
  _ bill: @escaping @Sendable (Double, Time) throws(MissingNumber) -> Bill
) -> Variant {
  Variant(
    computed: name, isReference: isReference, shows: [name == "Arm" ? "cores" : "hyperthreads"]
  ) { question throws(MissingNumber) in
    Computation(try bill(Double(question.value), question.time("shop.request")))
  }
}
