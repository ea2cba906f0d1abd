import Harness
import Results
import Statistics

extension Experiment {
  /// Whether machines are started when they are needed, or before.
  static let reactivePredictive = Experiment(
    simulatedCost: "reactive-predictive", "compute/prediction",
    title: "Machines by the load now → by a forecast of the season, ahead of the boot",
    claim: """
      A forecast from the days before saves slow minutes while days are alike; where their levels \
      differ by a fifth it is slow for hours at a time, and following the load is better. Bursts are \
      in no forecast.
      """,
    mechanism: """
      Machines take ten minutes to boot. Following the load is late by that on each rise of the day, \
      which a target of 60% has room for. The forecast is the mean of the same minute in the days \
      before, started a boot ahead, with the same 60%. It knows the season and not the day: levels \
      of days differ by {point}, and on a high day it is short for hours. The third way takes the \
      larger of the two, and pays for both errors.
      """,
    limits: """
      The season here is a day's; a week's would halve the error of weekends. A method that corrects \
      the level during the day (Holt and Winters) lies between the two. There are no bursts in this \
      load, so that the season is all there is.
      """,
    diagram: """
      flowchart LR
        subgraph before["by the load: {by the load}"]
          l0["load now"] --> m0["machines, ten minutes later"]
        end
        subgraph after["forecast: {forecast}"]
          d1["days before"] --> f1["season"] --> m1["machines, in time"]
        end
        larger["the larger: {the larger}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "standard deviation of a day's level", [2, 10, 20, 40], smoke: 10, label: { "\($0) %" }),
    headline: DeclaredHeadline(value: 10, variant: "forecast"),
    variants: [
      Variant(fleet: "by the load", shows: "followed", load: week) { load, _ in followed(load) },
      Variant(fleet: "the larger", shows: "Forecast", load: week) { load, _ in
        fleet.run(load, by: Forecast(load, floor: TargetTracking()))
      },
      Variant(fleet: "forecast", shows: "Forecast", load: week) { load, _ in
        fleet.run(load, by: Forecast(load, floor: nil))
      },
    ],
    model: { question in
      // A day is short where its level exceeds what the target leaves room for.
      guard question.variant == "forecast" else {
        return fleetBill(utilisation: 0.55, slowMinutes: 0)
      }
      return fleetBill(
        utilisation: 0.6,
        slowMinutes: 30.4 * 1_440 * shortShare(change: Double(question.value) / 100))
    })
}

private let fleet = ScaledFleet(boot: 600)

@Sendable private func week(_ point: Point) -> FleetLoad {
  FleetLoad(seed: point.seed, change: Double(point.value) / 100, hasBursts: false)
}

/// The share of days whose level, against the mean of those before, exceeds the room of the target.
private func shortShare(change: Double) -> Double {
  let room = 0.95 / 0.6 - 1
  return 1 - StandardNormal.probability(below: room / (change * 1.1))
}

/// As many machines as the same time of the days before needed, started a boot ahead.
private struct Forecast: ScalingPolicy {
  private let season: [Double]
  private let machines: [Double]
  private var floor: TargetTracking?

  init(_ load: FleetLoad, floor: TargetTracking?) {
    (season, machines, self.floor) = (load.season, load.machines, floor)
  }

  mutating func wanted(_ view: FleetView) -> Int {
    let ahead = view.step + Int(fleet.boot / FleetLoad.step)
    let place = ahead % FleetLoad.stepsADay
    // On the first day there is nothing before: the season as it was planned.
    let days = stride(from: ahead - FleetLoad.stepsADay, through: 0, by: -FleetLoad.stepsADay)
      .filter { $0 <= view.step }.map { machines[$0] }
    let expected = days.isEmpty ? season[place] : days.reduce(0, +) / Double(days.count)
    let need = Int((expected / 0.6).rounded(.up))
    return max(need, floor?.wanted(view) ?? 1)
  }
}

/// What the last minute needs.
private func followed(_ load: FleetLoad) -> ScaledFleet.Outcome {
  fleet.run(load, by: TargetTracking(target: 0.6, patience: 15))
}
