import Harness
import Results

extension Experiment {
  /// How soon machines are given back.
  static let scaleIn = Experiment(
    simulatedCost: "scale-in", "compute/scaling",
    title: "Machines given back: at once → after a quarter of an hour without need",
    claim: """
      Giving machines back at once saves a few per cent of their hours and pays for it in slow \
      minutes as soon as a boot takes longer than the load's own ups and downs; with boots of half a \
      minute it costs nothing.
      """,
    mechanism: """
      The load varies by some per cent within minutes. A fleet that follows each fall gives a machine \
      back, and starts another one a minute later, which is paid while it boots for {point} and \
      serves nothing. Waiting for fifteen minutes keeps what the last quarter of an hour needed: a \
      few machines more, and no slow minutes from the fleet's own changes.
      """,
    limits: """
      Machines that are billed by the hour once they were started must not be given back before it \
      ends. Connections have to be drained, which takes minutes more and is not in it. A load without \
      noise, such as a queue, needs no patience.
      """,
    diagram: """
      flowchart LR
        subgraph before["at once: {at once}"]
          f0["load falls"] --> g0["machine given back"] --> b0["another boots"]
        end
        subgraph after["patient: {patient}"]
          f1["load falls"] --> w1["15 minutes"] --> g1["what nobody needed"]
        end
        before -- "{speedup} at a boot of {point}" --> after
      """,
    sweep: .count(
      "boot time", [30, 120, 300, 600], smoke: 120,
      label: { $0 < 120 ? "\($0) s" : "\($0 / 60) min" }),
    headline: DeclaredHeadline(value: 300, variant: "patient"),
    variants: [
      Variant(fleet: "at once", shows: "fleet") { load, boot in fleet(load, boot, patience: 0) },
      Variant(fleet: "patient", shows: "fleet") { load, boot in fleet(load, boot, patience: 15) },
    ],
    model: { question in
      // Without noise both would be slow for the bursts alone.
      let rise = FleetLoad.burst.rise * (0.95 / 0.6 - 1) / (FleetLoad.burst.factor - 1)
      let slow = max(0, Double(question.value) + 60 - rise) / 60
      return fleetBill(
        utilisation: question.isBaseline ? 0.58 : 0.54,
        slowMinutes: 30.4 * FleetLoad.burst.perDay * slow)
    })
}

private func fleet(_ load: FleetLoad, _ boot: Double, patience: Int) -> ScaledFleet.Outcome {
  ScaledFleet(boot: boot).run(load, by: TargetTracking(patience: patience))
}
