import Harness
import Prices
import Results

/// What a policy sees when it decides.
struct FleetView {
  /// By step of the week.
  let step: Int
  /// The mean utilisation of the machines that serve, over the last minute; above 1 where the load
  /// exceeds them.
  let utilisation: Double
  /// The same of what is asked of the pools of threads, where these bind before the processors do.
  let concurrency: Double
  /// Machines that serve.
  let serving: Int
  /// Machines that serve or boot.
  let paid: Int
}

/// How many machines there should be; called once a minute.
protocol ScalingPolicy {
  mutating func wanted(_ view: FleetView) -> Int
}

/// Machines behind a load for a week, with a policy that changes their number.
struct ScaledFleet {
  /// Seconds from the decision until a machine serves; it is paid meanwhile.
  var boot = 120.0
  /// Load over the machines' capacity from which responses are too slow.
  var limit = 0.95
  /// Utilisation of the processors when the machines can take no more: below 1 where requests wait
  /// for something else, and threads are what runs out.
  var saturation = 1.0

  /// What a month's machines cost, and its slow minutes.
  static let metric = "cost with slow minutes"

  /// Of a month: hours of machines, and minutes in which responses were too slow.
  struct Outcome {
    var machineHours = 0.0
    var slowMinutes = 0.0
    var changes = 0.0

    /// An hour of a machine at its list price.
    static let price = PriceBook.current.price("compute.c7g.large", of: "AWS")?.dollars ?? 0
    /// What a minute with slow responses costs: an assumption, and the exchange rate between the two.
    static let slowMinute = UncertainInput("dollars of a slow minute", 1, in: 0.1...10)

    /// As figures of a replication.
    /// - Parameter slowMinute: dollars.
    func figures(slowMinute: Double) -> [String: Counter] {
      let dollars = machineHours * Self.price + slowMinutes * slowMinute
      return [
        ScaledFleet.metric: Counter(dollars, unit: .dollarsPerMonth),
        "machine-hours": Counter(machineHours, unit: .count),
        "minutes of slow responses": Counter(slowMinutes, unit: .count),
        "changes of the number": Counter(changes, unit: .count),
      ]
    }
  }

  func run<Policy: ScalingPolicy>(_ load: FleetLoad, by policy: Policy) -> Outcome {
    var policy = policy
    var outcome = Outcome()
    var serving = max(1, Int(load.machines[0] / 0.6))
    var booting: [Int] = []
    let perMinute = Int(60 / FleetLoad.step)
    let bootSteps = max(1, Int(boot / FleetLoad.step))
    var recent: [Double] = []
    for (step, demand) in load.machines.enumerated() {
      while let first = booting.first, first <= step {
        booting.removeFirst()
        serving += 1
      }
      // Demand is in machines' whole capacity, whatever it is that runs out.
      let used = demand / Double(serving)
      recent.append(used)
      if used > limit { outcome.slowMinutes += FleetLoad.step / 60 }
      outcome.machineHours += Double(serving + booting.count) * FleetLoad.step / 3_600
      guard (step + 1) % perMinute == 0 else { continue }
      let mean = recent.reduce(0, +) / Double(recent.count)
      recent.removeAll(keepingCapacity: true)
      let view = FleetView(
        step: step, utilisation: min(1, mean) * saturation, concurrency: mean, serving: serving,
        paid: serving + booting.count)
      let wanted = max(1, policy.wanted(view))
      if wanted != view.paid { outcome.changes += 1 }
      if wanted > view.paid {
        booting += Array(repeating: step + bootSteps, count: wanted - view.paid)
      } else {
        var surplus = view.paid - wanted
        // The latest are not needed any more.
        while surplus > 0, booting.popLast() != nil { surplus -= 1 }
        serving = max(1, serving - surplus)
      }
    }
    return outcome.times(30.4 / Double(FleetLoad.days))
  }
}

extension ScaledFleet.Outcome {
  fileprivate func times(_ factor: Double) -> Self {
    Self(
      machineHours: factor * machineHours, slowMinutes: factor * slowMinutes,
      changes: factor * changes)
  }
}

/// As many machines as keep the utilisation at a target; fewer only after some time without need.
struct TargetTracking: ScalingPolicy {
  var target = 0.6
  /// Minutes for which fewer must have been enough before the number falls.
  var patience = 15
  /// What is kept at the target.
  var signal: KeyPath<FleetView, Double> = \.utilisation
  private var needs: [Int] = []

  init(target: Double = 0.6, patience: Int = 15, signal: KeyPath<FleetView, Double> = \.utilisation)
  {
    (self.target, self.patience, self.signal) = (target, patience, signal)
  }

  mutating func wanted(_ view: FleetView) -> Int {
    let need = Int((Double(view.serving) * view[keyPath: signal] / target).rounded(.up))
    needs.append(need)
    if needs.count > max(1, patience) { needs.removeFirst() }
    return max(need, min(view.paid, needs.max() ?? need))
  }
}

extension Variant {
  /// A fleet for a week with a policy.
  /// - Parameters:
  ///   - shows: the function of the file that its page shows.
  ///   - run: of the week's load, at a value of the axis.
  init(
    fleet name: String, isReference: Bool = false, shows: String,
    load: @escaping @Sendable (Point) -> FleetLoad = { FleetLoad(seed: $0.seed) },
    _ run: @escaping @Sendable (FleetLoad, Double) -> ScaledFleet.Outcome
  ) {
    self.init(simulated: name, isReference: isReference, shows: [shows]) { point in
      let week = load(point)
      return Replication(
        offered: week.digest,
        figures: run(week, Double(point.value)).figures(
          slowMinute: point[ScaledFleet.Outcome.slowMinute]))
    }
  }
}

/// Minutes of a month in which bursts are slow, without noise: a burst takes the load from a
/// utilisation to the limit in a part of its rise, and machines come so many seconds after its start.
func slowMinutes(ofBurstsFrom utilisation: Double, machinesAfter seconds: Double) -> Double {
  let (burst, limit) = (FleetLoad.burst, ScaledFleet().limit)
  let room = burst.rise * (limit / utilisation - 1) / (burst.factor - 1)
  let slow = min(burst.length - room, max(0, seconds - room))
  return 30.4 * burst.perDay * slow / 60
}

/// Dollars of a month for machines that the load keeps at a utilisation, and slow minutes: what an
/// engineer expects.
func fleetBill(utilisation: Double, slowMinutes: Double) -> Model {
  let hours = 730 * FleetLoad.mean / utilisation
  return Model(
    Bill.exactly(hours * ScaledFleet.Outcome.price).named("machines")
      + Bill.exactly(slowMinutes * ScaledFleet.Outcome.slowMinute.estimate).named("slow minutes"),
    per: .metric)
}
