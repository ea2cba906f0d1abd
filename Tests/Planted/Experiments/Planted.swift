import Glibc
import Harness
import Results
import Synchronization

/// Experiments with a known fault or a known result, for the tests of the harness.
public let planted: [Experiment] =
  [
    same, twiceTheWork, environments, reporting, drawing, stalling, alone, team, warmUp,
    warmUpInTurns, built,
  ]
  + plantedEvidence + plantedYardsticks
  + [crash, hang, killed, quits, wrong, wrongAtTwo, wrongLater, short, silentMetric, unprepared]

/// As many more as are wanted, `planted/more-1` and on: a catalog as large as it may become.
public func more(_ count: Int) -> [Experiment] {
  (0..<max(0, count)).map { number in experiment("planted/more-\(number + 1)") { spin(2_000) } }
}

/// Pairs whose ratio is what they report.
public let knownPairs: [Experiment] = [("same", 10.0), ("slower-5", 9.5)].map { pair, after in
  Experiment(
    id: "calibration/reports/\(pair)", title: "Reports", slot: "none", claim: "", mechanism: "",
    limits: "", diagram: "", sweep: .count("size", [1], smoke: 1),
    metric: .reported("rate", unit: .bytesPerSecond, lowerIsBetter: false),
    tolerates: busyMachine, work: { _ in Work() },
    variants: [
      Variant("before", shows: [], prepare: { _ in 10.0 }, report: rate) { _ in spin(2_000) },
      Variant("after", shows: [], prepare: { _ in after }, report: rate) { _ in spin(2_000) },
    ])
}

private let same = experiment("planted/same") { spin(2_000) }
private let twiceTheWork = experiment("planted/half", before: { spin(4_000) * 0 }) {
  spin(2_000) * 0
}
/// Needs the core for itself, whatever else happens on the machine.
private let alone = experiment("planted/alone", tolerates: busyMachine.subtracting([.shared])) {
  spin(2_000)
}
/// A baseline of one thread, and a candidate whose team has two.
private let team = Experiment(
  id: "planted/team", title: "Team", slot: "none", claim: "", mechanism: "", limits: "",
  diagram: "", sweep: .count("size", [1], smoke: 1), needs: [.cores(2)],
  tolerates: busyMachine.subtracting([.shared]), work: { _ in Work() },
  variants: [
    Variant("before", shows: [], prepare: { _ in 0 }) { _ in spin(2_000) },
    Variant("after", shows: [], prepare: { try $0.team(2) }) { team in
      team.run { _ in _ = spin(1_000) }
      return spin(2_000)
    },
  ])
private let crash = experiment("planted/crash") {
  say("about to fall")
  abort()
}
private let hang = experiment("planted/hang") {
  while getppid() >= 0 { sleep(1) }
  return 0
}
private let killed = experiment("planted/killed") {
  kill(getpid(), SIGKILL)
  return 0
}
private let quits = experiment("planted/quits") {
  say("enough")
  exit(3)
}
private let wrong = experiment("planted/wrong") { spin(2_000) + 1 }
/// The first point is right, the second one is not.
private let wrongAtTwo = Experiment(
  id: "planted/wrong-at-two", title: "Wrong at two", slot: "none", claim: "", mechanism: "",
  limits: "", diagram: "", sweep: .count("size", [1, 2], smoke: 1), tolerates: busyMachine,
  work: { _ in Work() },
  variants: [
    Variant("before", shows: [], prepare: { _ in UInt64(0) }) { _ in spin(2_000) },
    Variant("after", shows: [], prepare: { UInt64($0.value / 2) }) { spin(2_000) + $0 },
  ])
private let short = experiment("planted/short", before: { 7 }) { 7 }
private let silentMetric = experiment(
  "planted/silent-metric", metric: .reported("depth", unit: .count, lowerIsBetter: true)
) { spin(2_000) }

/// Right at first, wrong from the hundredth call on.
private let wrongLater = Experiment(
  id: "planted/wrong-later", title: "Wrong later", slot: "none", claim: "", mechanism: "",
  limits: "", diagram: "", sweep: .count("size", [1], smoke: 1), tolerates: busyMachine,
  work: { _ in Work() },
  variants: [
    Variant("before", shows: [], prepare: { _ in Calls() }) { _ in spin(2_000) },
    // Asked for observations before its first timed call, and not while it is prepared.
    Variant(
      "after", shows: [], prepare: { _ in Calls() },
      observe: { calls in
        calls.count += 1
        return Distribution([])
      },
      run: { calls in spin(2_000) + (calls.count > 0 ? 1 : 0) }),
  ])

private let unprepared = Experiment(
  id: "planted/unprepared", title: "Unprepared", slot: "none", claim: "", mechanism: "",
  limits: "", diagram: "", sweep: .count("size", [1, 2], smoke: 1), tolerates: busyMachine,
  work: { _ in Work() },
  variants: [
    Variant("before", shows: [], prepare: { _ in 1 }) { _ in spin(2_000) },
    Variant("after", shows: [], prepare: { _ -> Int in throw Refusal.noRoom }) { _ in spin(2_000) },
  ])

/// The variants differ in their environment, so that each instance lives in a worker of its own.
private let environments = Experiment(
  id: "planted/environments", title: "Environments", slot: "none", claim: "", mechanism: "",
  limits: "", diagram: "", sweep: .count("size", [1], smoke: 1), tolerates: busyMachine,
  work: { _ in Work() },
  variants: [
    Variant("before", shows: [], prepare: countIn, report: colour) { _ in spin(2_000) },
    Variant(
      "after", shows: [], environment: VariantEnvironment(variables: ["PLANTED": "7"]),
      prepare: countIn, report: colour
    ) { _ in spin(2_000) },
  ])

/// A call of the second variant is longer than a sample should be; both report how often they were
/// called, so that the calls that no sample names are seen.
private let warmUp = countingCalls("planted/warm-up", slow: VariantEnvironment())
/// The same with a worker for each instance.
private let warmUpInTurns = countingCalls(
  "planted/warm-up-in-turns", slow: VariantEnvironment(variables: ["PLANTED": "1"]))

private func countingCalls(_ id: String, slow environment: VariantEnvironment) -> Experiment {
  let report: @Sendable (Calls) -> [String: Counter] = { calls in
    ["calls": Counter(Double(calls.count), unit: .count)]
  }
  return Experiment(
    id: id, title: "Warm-up", slot: "none", claim: "", mechanism: "", limits: "", diagram: "",
    sweep: .count("size", [1], smoke: 1), tolerates: busyMachine, work: { _ in Work() },
    variants: [
      Variant("fast", shows: [], prepare: { _ in Calls() }, report: report) { calls in
        calls.count += 1
        return spin(2_000)
      },
      Variant(
        "slow", shows: [], environment: environment, prepare: { _ in Calls() }, report: report
      ) { calls in
        calls.count += 1
        usleep(UInt32(SampleLength.longest / 1_000) + 500)
        return spin(2_000)
      },
    ])
}

private let reporting = Experiment(
  id: "planted/reporting", title: "Reporting", slot: "none", claim: "", mechanism: "",
  limits: "", diagram: "", sweep: .count("size", [1], smoke: 1),
  metric: .reported("rate", unit: .bytesPerSecond, lowerIsBetter: false),
  tolerates: busyMachine, work: { _ in Work() },
  variants: [
    Variant("before", shows: [], prepare: { _ in 10.0 }, report: rate) { _ in spin(2_000) },
    Variant("after", shows: [], prepare: { _ in 40.0 }, report: rate) { _ in spin(2_000) },
  ],
  model: { question throws(MissingNumber) in
    let rate = question.isBaseline ? Ratio.exactly(1) : try question.ratio("planted.gain")
    return Model(rate, per: .relative)
  })

/// What it reports is drawn, so that another seed gives another ratio.
private let drawing = Experiment(
  id: "planted/drawing", title: "Drawing", slot: "none", claim: "", mechanism: "",
  limits: "", diagram: "", sweep: .count("size", [1], smoke: 1),
  metric: .reported("rate", unit: .bytesPerSecond, lowerIsBetter: false),
  tolerates: busyMachine, work: { _ in Work() },
  variants: [
    Variant("before", shows: [], prepare: { _ in 10.0 }, report: rate) { _ in spin(2_000) },
    Variant(
      "after", shows: [],
      prepare: { point in
        var generator = point.generator()
        return Double.random(in: 40..<50, using: &generator)
      }, report: rate
    ) { _ in spin(2_000) },
  ])

/// What it reports differs between builds, of which each has a `PLANTED_FACTOR`, and by a tenth of a
/// percent between processes.
private let built = Experiment(
  id: "planted/built", title: "Built", slot: "none", claim: "", mechanism: "",
  limits: "", diagram: "", sweep: .count("size", [1, 2], smoke: 1),
  metric: .reported("cost", unit: .nanoseconds, lowerIsBetter: true),
  tolerates: busyMachine, work: { _ in Work() },
  variants: [
    Variant("constant", shows: [], prepare: { _ in cost(100, 1) }, report: reported) { _ in
      result()
    },
    Variant(
      "changed", shows: [], prepare: { cost(50, $0.value == 2 ? factor : 1) }, report: reported
    ) { _ in result() },
  ])

@Sendable private func result() -> UInt64 {
  spin(2_000) + (getenv("PLANTED_RESULT").flatMap { UInt64(String(cString: $0)) } ?? 0)
}

private let factor = getenv("PLANTED_FACTOR").flatMap { Double(String(cString: $0)) } ?? 1

private func cost(_ value: Double, _ factor: Double) -> Double {
  value * factor * (1 + Double(getpid() % 11 - 5) / 10_000)
}

@Sendable private func reported(_ value: Double) -> [String: Counter] {
  ["cost": Counter(value, unit: .nanoseconds)]
}

/// Its processes are counted by the bytes of a file, `PLANTED_COUNT`; the one that makes it
/// `PLANTED_STALL` bytes long waits for its parent's end. It needs the
/// file that `PLANTED_NEED` names.
private let stalling = Experiment(
  id: "planted/stalling", title: "Stalling", slot: "none", claim: "", mechanism: "",
  limits: "", diagram: "", sweep: .count("size", [1], smoke: 1),
  metric: .reported("rate", unit: .bytesPerSecond, lowerIsBetter: false),
  needs: getenv("PLANTED_NEED").map { [.file(String(cString: $0), purpose: "planted")] } ?? [],
  tolerates: busyMachine, work: { _ in Work() },
  variants: [
    Variant("before", shows: [], prepare: { _ in 10.0 }, report: rate) { _ in spin(2_000) },
    Variant("after", shows: [], prepare: { _ in stall(40) }, report: rate) { _ in spin(2_000) },
  ])

/// The tests run beside each other on as many cores as there are: every block is disturbed.
private let busyMachine = Set(Disturbance.allCases)

private final class Calls: @unchecked Sendable { var count = 0 }

private enum Refusal: Error { case noRoom }

/// Instances that this process prepared.
private let prepared = Mutex(0)

@Sendable private func countIn(_: Point) { prepared.withLock { $0 += 1 } }

@Sendable private func colour(_: Void) -> [String: Counter] {
  let value = getenv("PLANTED").flatMap { Double(String(cString: $0)) } ?? 0
  let instances = prepared.withLock { Double($0) }
  return [
    "planted": Counter(value, unit: .count), "instances": Counter(instances, unit: .count),
  ]
}

private func stall(_ value: Double) -> Double {
  guard let path = getenv("PLANTED_COUNT") else { return value }
  let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
  write(file, "x", 1)
  var found = stat()
  fstat(file, &found)
  close(file)
  let limit = getenv("PLANTED_STALL").flatMap { Int(String(cString: $0)) }
  let parent = getppid()
  while Int(found.st_size) == limit && getppid() == parent { usleep(10_000) }
  return value
}

@Sendable private func rate(_ value: Double) -> [String: Counter] {
  ["rate": Counter(value, unit: .bytesPerSecond)]
}

private func experiment(
  _ id: String, metric: Metric = .time, before: @escaping @Sendable () -> UInt64 = { spin(2_000) },
  tolerates: Set<Disturbance> = busyMachine, after: @escaping @Sendable () -> UInt64
) -> Experiment {
  Experiment(
    id: id, title: id, slot: "none", claim: "Planted.", mechanism: "Planted.", limits: "None.",
    diagram: "flowchart LR", sweep: .count("size", [1, 2], smoke: 1), metric: metric,
    tolerates: tolerates, work: { _ in Work() },
    variants: [
      Variant("before", shows: [], prepare: { _ in 0 }) { _ in before() },
      Variant("after", shows: [], prepare: { _ in 0 }) { _ in after() },
    ])
}

/// Dependent arithmetic: a fixed amount of work that no optimiser shortens.
@inline(never)
private func spin(_ rounds: Int) -> UInt64 {
  var state: UInt64 = 1
  for _ in 0..<rounds { state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
  return state
}

private func say(_ words: String) {
  var line = words + "\n"
  line.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
}
