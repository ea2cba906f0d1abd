import Harness
import Results

extension Experiment {
  /// What a fleet's size follows: the processors, or the requests in it.
  static let scalingSignal = Experiment(
    simulatedCost: "scaling-signal", "compute/scaling",
    title: "The signal that machines follow: processor time → requests in flight",
    claim: """
      A service that waits for something else runs out of threads while its processors are idle: \
      below some share of processor time a fleet that follows the processors never grows, and is \
      slow all day. Above it both signals work, and requests in flight keep some per cent more \
      machines.
      """,
    mechanism: """
      A machine takes as many requests at a time as it has threads. If a request computes for \
      {point} of its time and waits for the rest, the processors are at that share when the threads \
      run out. A target of 60% of the processors is then never reached below a share of 60%: the \
      fleet shrinks to what the threads can just carry, and further. Requests in flight over threads \
      are at 60% when 60% of the threads are taken, whatever these do.
      """,
    limits: """
      More threads, or none at all in an asynchronous service, move the share; then memory or the \
      other service is what runs out. Requests in flight rise too when the other service is slow, and \
      more machines make that worse. A queue's length has no upper end and finds any saturation late.
      """,
    diagram: """
      flowchart LR
        subgraph before["processor time: {processor time}"]
          r0["requests, {point} of the time on a processor"] --> c0["60% of the processors?"]
        end
        subgraph after["in flight: {in flight}"]
          r1["requests"] --> f1["60% of the threads?"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "share of a request's time on a processor", [20, 40, 60, 80, 100], smoke: 80,
      label: { "\($0) %" }),
    headline: DeclaredHeadline(value: 80, variant: "in flight"),
    variants: [
      Variant(fleet: "processor time", shows: "fleet") { load, share in
        fleet(load, share, \.utilisation)
      },
      Variant(fleet: "in flight", shows: "fleet") { load, share in
        fleet(load, share, \.concurrency)
      },
    ],
    model: { question in
      let share = question.isBaseline ? Double(question.value) / 100 : 1
      // Threads are in use to this share when the processors are at their target.
      let threads = 0.58 / share
      let month = 30.4 * 1_440
      if threads > 0.95 { return fleetBill(utilisation: 0.95, slowMinutes: month) }
      return fleetBill(
        utilisation: threads,
        slowMinutes: slowMinutes(ofBurstsFrom: threads, machinesAfter: 180))
    })
}

private func fleet(
  _ load: FleetLoad, _ share: Double, _ signal: KeyPath<FleetView, Double>
) -> ScaledFleet.Outcome {
  ScaledFleet(saturation: share / 100).run(load, by: TargetTracking(signal: signal))
}
