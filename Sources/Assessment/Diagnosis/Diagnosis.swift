/// What readings say of a system: its resources, what costs time, and what they don't say.
public struct Diagnosis: Sendable {
  /// What can't be known from the data, and what would tell it.
  public struct Unknown: Sendable, Equatable {
    /// What is not known.
    public var question: String
    /// What to measure.
    public var measurement: String
  }

  /// Each by utilisation, saturation and errors.
  public let resources: [ResourceState]
  /// In the order of what they cost.
  public let findings: [Finding]
  /// What can't be known.
  public let unknowns: [Unknown]
  /// The resource that limits first when load grows, with its utilisation; nil where unknown.
  public let nextLimit: (name: String, utilisation: Double)?
  /// What it was made of.
  public let readings: Readings

  /// Applies the rules.
  public init(_ readings: Readings) {
    self.readings = readings
    resources = ResourceState.all(readings)
    // Memory fills up with caches, and not in proportion to the load.
    let known = resources.filter { $0.name != "memory" }.compactMap { state in
      state.utilisation.map { (state.name, $0) }
    }
    nextLimit = known.max { $0.1 < $1.1 }.map { (name: $0.0, utilisation: $0.1) }
    let facts = Facts(readings)
    var found = Self.rules.flatMap { $0(facts) }
    // Symptoms come behind what may cause them: which of the causes it is, the data don't say. A queue
    // that grows without a limit needs a large one: what costs little does not explain it.
    // So is the wait for a worker where something holds the workers for long, and that for a connection,
    // which is a part of what a worker does, where what holds it costs more than the wait.
    let holding = found.filter { Self.holdsPlaces($0.kind) }.map(\.cost).max() ?? 0
    func isSymptom(_ finding: Finding) -> Bool {
      switch finding.kind {
      case .tooFewWorkers: holding >= 0.3
      case .poolTooSmall: holding >= max(0.3, finding.cost)
      default: Self.isSymptom(finding.kind)
      }
    }
    let causes = found.filter { !isSymptom($0) && $0.cost >= 0.05 }.map(\.cost)
    let isLarge = (causes.max() ?? 0) >= 0.3
    for index in found.indices where isSymptom(found[index]) {
      let isExplained = found[index].kind != .unboundedQueue || isLarge
      let cause = isExplained ? causes.min() ?? 1 : 1
      found[index].cost = min(found[index].cost, 0.9 * cause)
    }
    findings = found.filter { $0.cost >= 0.02 || $0.kind == .jobsPileUp }.sorted {
      ($0.cost, $0.kind.rawValue, $0.subject) > ($1.cost, $1.kind.rawValue, $1.subject)
    }
    unknowns = Self.unknowns(readings)
  }

  private static let rules: [@Sendable (Facts) -> [Finding]] = [
    DatabaseRules.scans, DatabaseRules.readsThatWrite, DatabaseRules.parsing,
    DatabaseRules.connections, DatabaseRules.statements,
    { $0.leaks }, PoolRules.tooSmall, { $0.blockedWorkers }, PoolRules.queue,
    PoolRules.jobs, WorkerRules.tooFew,
    TraceRules.repeatedCalls, TraceRules.serialised,
    RequestRules.responses, RequestRules.connections, RequestRules.retries,
    RequestRules.failures, RequestRules.flushes, CacheRules.bursts,
    ResourceRules.processors, ResourceRules.memory, ResourceRules.growth, ResourceRules.disks,
    ResourceRules.network, ResourceRules.functions,
  ]

  private static func isSymptom(_ kind: Finding.Kind) -> Bool {
    switch kind {
    case .processor, .otherPrograms, .disk, .network, .overload, .failures, .memoryShortage,
      .unboundedQueue:
      true
    default: false
    }
  }

  /// Whether a request holds its connection and its worker for longer by it.
  private static func holdsPlaces(_ kind: Finding.Kind) -> Bool {
    switch kind {
    case .repeatedCalls, .scans, .slowStatement, .unboundedResults, .serialised, .retries: true
    default: false
    }
  }

  private static func unknowns(_ readings: Readings) -> [Unknown] {
    var unknowns: [Unknown] = []
    func ask(_ isKnown: Bool, _ question: String, _ measurement: String) {
      if !isKnown { unknowns.append(Unknown(question: question, measurement: measurement)) }
    }
    ask(
      readings.mean(.cpuBusy) != nil, "how busy the processors are",
      "perflab collect --seconds 30, or vmstat 1 30")
    ask(
      !readings.names(of: .diskBusy).isEmpty, "how busy the disks are",
      "perflab collect --seconds 30, or iostat -x 1 30")
    ask(
      !readings.names(of: .networkBytes).isEmpty, "what the network carries",
      "perflab collect --seconds 30, or sar -n DEV,EDEV,ETCP 1 30")
    ask(
      readings.mean(.cpuPressure) != nil, "for how long tasks wait for a processor",
      "/proc/pressure (Linux 4.20 or later with CONFIG_PSI); perflab collect takes it")
    ask(
      !readings.metrics.isEmpty, "pools, queues, retries and caches of the application",
      "its metrics: perflab collect --metrics http://127.0.0.1:8080/metrics")
    ask(
      !readings.routes.isEmpty || readings.traces.requests > 0,
      "which requests are slow, and how many there are",
      "an access log with times (Apache %D, nginx $request_time)")
    ask(
      readings.traces.requests > 0, "what a request does and waits for",
      "traces in OTLP's JSON (the collector's file exporter)")
    ask(
      readings.stackSamples > 0, "where the processor time goes",
      "perf record -g -p PID -- sleep 30; perf script > stacks.txt")
    ask(
      !readings.statements.isEmpty || readings.metrics.keys.contains { $0.name.contains("quer") },
      "what the database does",
      "pg_stat_statements as CSV, or counters of queries and rows")
    return unknowns
  }
}
