import Harness
import Results

extension Experiment {
  /// How soon machines are given back.
  static let scaleIn = Experiment(
    simulatedCost: "scale-in", "compute/scaling",
    title: "Machines given back: at once → after a quarter of an hour without need",
    claim: """
      Patience costs more than it saves: waiting a quarter of an hour before a machine is given \
      back adds 3 to 7% to the bill at every boot time here, since a target of 60% has room for \
      the load's own ups and downs. The usual cooldown guards against a danger that the headroom \
      has already removed.
      """,
    mechanism: """
      The load varies by some per cent within minutes. A fleet that follows each fall gives a \
      machine back and starts another a minute later, which is paid while it boots for {point} \
      and serves nothing. That is a machine or two among twenty. Waiting for fifteen minutes \
      keeps what the last quarter of an hour needed, all day long. Slow minutes come from bursts, \
      which double the load faster than any machine boots, and those are nearly the same in both.
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
      fleetBill(
        utilisation: question.isBaseline ? 0.58 : 0.54,
        slowMinutes: slowMinutes(ofBurstsFrom: 0.6, machinesAfter: Double(question.value) + 60))
    })
}

private func fleet(_ load: FleetLoad, _ boot: Double, patience: Int) -> ScaledFleet.Outcome {
  ScaledFleet(boot: boot).run(load, by: TargetTracking(patience: patience))
}
