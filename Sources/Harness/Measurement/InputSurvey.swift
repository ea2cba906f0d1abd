import Platform
import Results
import Statistics

/// What each uncertain input of a simulated experiment does by itself, at one point.
///
/// Baseline and candidate are run a few times with the input at a value and the others at their
/// estimates. All values get the same random numbers: what differs between two of them is the input,
/// and not chance. With all of them at their estimates the point has been simulated already.
struct InputSurvey {
  /// Halvings of the range in which the result turns.
  static let steps = 5

  /// Of the point.
  let simulation: PointSimulation
  /// Index of the variant that the baseline is compared with.
  let candidate: Int
  /// The logarithm of how much better the candidate is with all inputs at their estimates.
  let usual: Double

  /// Of baseline and candidate, for a value of an input.
  private var replications: Int { simulation.preset.isCoarse ? 2 : 4 }

  /// The inputs, those that move the ratio most first; those that do not move it are left out.
  func deciders() throws(PointFailure) -> [Decider] {
    let workers = try simulation.started(min(simulation.cpus.count, replications))
    var deciders: [Decider] = []
    for input in simulation.experiment.uncertain {
      deciders.append(try decider(input, on: workers))
    }
    return Decider.sorted(deciders)
  }

  private func decider(
    _ input: UncertainInput, on workers: [ChildProcess]
  ) throws(PointFailure) -> Decider {
    // With the same random numbers at both ends, so that what moves nothing has the same ratio at both.
    let ends = [
      try gain(input, at: input.range.lowerBound, on: workers),
      try gain(input, at: input.range.upperBound, on: workers),
    ]
    let places = [
      TurningPoint.Place(x: input.range.lowerBound, gain: ends[0]),
      TurningPoint.Place(x: input.estimate, gain: usual),
      TurningPoint.Place(x: input.range.upperBound, gain: ends[1]),
    ]
    // Where both are as good at an end, the answer has not turned.
    let turns = ends.contains { ($0 > 0) != (usual > 0) && abs($0) > Decider.least }
    let turn =
      turns
      ? try TurningPoint.between(places, steps: Self.steps) { x throws(PointFailure) in
        try gain(input, at: x, on: workers)
      } : nil
    return Decider(
      input: input.record, ratioAtLow: exponential(ends[0]), ratioAtHigh: exponential(ends[1]),
      turn: turn)
  }

  /// The mean logarithm of how much better the candidate is.
  private func gain(
    _ input: UncertainInput, at value: Double, on workers: [ChildProcess]
  ) throws(PointFailure) -> Double {
    var gains: [Double] = []
    while gains.count < replications {
      let group = workers.prefix(replications - gains.count)
      for (place, worker) in group.enumerated() {
        var generator = SeededGenerator(
          seed: simulation.seed, stream: UInt64(gains.count + place))
        let seed = generator.next()
        let order = ReplicationOrder(
          experiment: simulation.experiment.id, parameter: simulation.parameter,
          instances: [0, candidate], seeds: [seed, seed], moved: [input.name: value])
        worker.writeLine(WorkerProtocol.encode(Request.replicate(order)))
      }
      for worker in group {
        let reply = try worker.answer(within: simulation.launch.timeout, doing: "simulating")
        guard case .replications(let found) = reply, found.count == 2 else {
          throw .refused("the worker answered something else than replications")
        }
        let values = [
          try simulation.value(of: found[0], variant: 0),
          try simulation.value(of: found[1], variant: candidate),
        ]
        let ratio = naturalLogarithm(values[0] / values[1])
        gains.append(simulation.experiment.metric.record.lowerIsBetter ? ratio : -ratio)
      }
    }
    return gains.reduce(0, +) / Double(gains.count)
  }
}

extension UncertainInput {
  /// As the results carry it.
  var record: ComputedInput {
    ComputedInput(
      name: name,
      quantity: Quantity(
        Interval(estimate: estimate, low: range.lowerBound, high: range.upperBound), unit: unit),
      source: source)
  }
}
