import Harness
import Results

extension Experiment {
  /// How the number of machines follows the load: by steps, or by a target.
  static let targetTracking = Experiment(
    simulatedCost: "target-tracking", "compute/scaling",
    title: "Machines by load: steps after an alarm → a utilisation that is kept",
    claim: """
      Keeping a utilisation beats alarms with steps as long as machines boot within the time in \
      which a burst rises; with boots of ten minutes both are late for every burst, and the \
      advantage is nearly gone.
      """,
    mechanism: """
      Steps add two machines when the utilisation has been above 70% for five minutes, and take two \
      away below 40%. A target of 60% computes the number that is needed each minute and starts all \
      of them at once. Bursts double the load within two minutes: steps need three alarms to follow, \
      which is most of the burst. Both pay for machines while they boot, for {point}, and are slow \
      meanwhile.
      """,
    limits: """
      A minute with slow responses is taken to cost a dollar; where it costs ten, spare machines are \
      cheaper than any policy. Bursts are an assumption, and their rise decides. A target needs a \
      signal that falls when machines are added: see scaling-signal.
      """,
    diagram: """
      flowchart LR
        subgraph before["steps: {steps}"]
          l0["load"] --> a0["above 70% for 5 min"] --> t0["two more"]
        end
        subgraph after["target: {target}"]
          l1["load"] --> u1["each minute"] --> n1["as many as keep 60%"]
        end
        before -- "{speedup} at a boot of {point}" --> after
      """,
    sweep: .count(
      "boot time", [30, 120, 300, 600], smoke: 120,
      label: { $0 < 120 ? "\($0) s" : "\($0 / 60) min" }),
    headline: DeclaredHeadline(value: 120, variant: "target"),
    variants: [
      Variant(fleet: "steps", shows: "Steps") { load, boot in
        ScaledFleet(boot: boot).run(load, by: Steps())
      },
      Variant(fleet: "target", shows: "tracked") { load, boot in tracked(load, boot) },
    ],
    model: { question in
      // Three alarms of five minutes, or the next minute.
      let late = Double(question.value) + (question.isBaseline ? 3 * 300 : 60)
      return fleetBill(
        utilisation: 0.55, slowMinutes: slowMinutes(ofBurstsFrom: 0.6, machinesAfter: late))
    })
}

/// Two more after five minutes of an alarm, two fewer after fifteen minutes without need.
private struct Steps: ScalingPolicy {
  private var (above, below) = (0, 0)

  mutating func wanted(_ view: FleetView) -> Int {
    above = view.utilisation > 0.7 ? above + 1 : 0
    below = view.utilisation < 0.4 ? below + 1 : 0
    if above >= 5 {
      above = 0
      return view.paid + 2
    }
    if below >= 15 {
      below = 0
      return view.paid - 2
    }
    return view.paid
  }
}

/// As many as keep 60%, computed each minute.
private func tracked(_ load: FleetLoad, _ boot: Double) -> ScaledFleet.Outcome {
  ScaledFleet(boot: boot).run(load, by: TargetTracking(target: 0.6, patience: 15))
}
