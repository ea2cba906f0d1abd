import Glibc
import Harness
import LoadBenches
import Platform
import Results
import Shop
import Systems

extension Experiment {
  /// A Shop that is stopped, replaced, and goes on as if nothing had been.
  static let splitBrain = Experiment(
    id: "scale/split-brain",
    title: "Promote on a time-out → a lease with a fencing token",
    slot: "scale/10k/single-point-of-failure",
    claim: """
      A standby that is promoted on a time-out loses acknowledged orders when the old Shop was only \
      stopped: all that waited for it, and all that its clients send it afterwards. If each order is \
      acknowledged only under the lease's newest token, none is lost, and those clients get errors.
      """,
    mechanism: """
      500 orders per second come while the Shop's process is stopped (SIGSTOP) for {point} and goes on \
      for another 60 ms. Checks every 10 ms miss three times, and the standby, which has all of the \
      log, is promoted. Half of the clients move to it, the others keep their connections. What was \
      sent to the old Shop waits in the kernel's buffers; when the process goes on it commits and \
      acknowledges all of it, in a database that nobody reads any more. With the lease it reads the \
      token behind each commit, finds a newer one and refuses.
      """,
    limits: """
      The check must come after the commit and at a place that both can reach: a holder that compares \
      clocks only is fooled by a pause between comparing and acknowledging. A process that is stopped \
      just behind the check still acknowledges; to exclude that, the storage itself must refuse old \
      tokens. The lease is a file here; in a network its service must agree by a majority.
      """,
    diagram: """
      flowchart LR
        p["old Shop, stopped for {point}"] -- "goes on" --> t["acknowledges: {promote on time-out} of all orders kept"]
        p -- "newer token: refuses" --> l["lease: {lease with token} kept"]
        t -- "{speedup}" --> l
      """,
    sweep: .count("pause", [60, 120, 240], smoke: 60, label: { "\($0) ms" }),
    metric: .share("acknowledged orders kept", lowerIsBetter: false),
    signals: ["acknowledged orders lost", "acknowledged orders"],
    needs: [.cores(2), .storage(bytes: 20 * ShopBench.needed)],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "partition") },
    variants: [
      variant("promote on time-out", "unfenced", unfenced),
      variant("lease with token", "fenced", fenced),
    ],
    demands: Demands { point in
      let standby = try Standby(point)
      let folder = try standby.restore(to: "restored")
      let start = Clock.now()
      try standby.promote(folder)
      let opened = Clock.now()
      standby.successor?.stop()
      return ["opening": Double(opened - start)]
    },
    model: { question throws(MissingNumber) in
      guard let opening = question.demand("opening") else { return nil }
      guard question.isBaseline else {
        return Model(Ratio.exactly(100).named("none is lost"), per: .metric)
      }
      let (pause, after, whole) = (Double(question.value), 1e3 * tail, duration(question.value))
      // Until it is promoted, all clients send to the old Shop, then half of them.
      let before = Time.exactly(3.5 * 1e6 * interval) + opening
      let lost = 0.5 * (before + Time.exactly(1e6 * (pause + after)))
      let share = lost / Time.exactly(1e9 * whole)
      return Model((100 * (1 - share)).named("all − lost"), per: .metric)
    })
}

/// Orders per second.
private let rate = 500.0
/// Seconds until it is stopped, and after it goes on.
private let (lead, tail) = (ShopBench.isMeasuring ? 0.06 : 0.4, 0.06)
/// Milliseconds between checks.
private let interval = 10.0

/// Seconds of the load.
private func duration(_ milliseconds: Int) -> Double {
  lead + interval / 2_000 + Double(milliseconds) / 1_000 + tail
}

private func unfenced(_ path: String) throws -> Lease? { nil }

private func fenced(_ path: String) throws -> Lease? { try Lease(taking: path) }

private func variant(
  _ name: String, _ shows: String, _ lease: @escaping @Sendable (String) throws -> Lease?
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { (standby: try Standby($0), pause: $0.value) },
    report: { $0.standby.report },
    run: { trial in orEnd { try split(trial.standby, trial.pause, lease) } })
}

/// Stops the Shop, has it replaced and lets it go on. Returns 0 where no invariant is violated.
private func split(
  _ standby: Standby, _ pause: Int, _ lease: @escaping @Sendable (String) throws -> Lease?
) throws -> UInt64 {
  let old = try standby.start(lease: lease(standby.place("lease")))
  let new = try Socket.listening(backlog: 1_024)
  let log = try LogShipping(
    from: standby.place("primary"), to: standby.place("standby"), every: 2_000_000,
    cpu: standby.cpu)
  let hasMoved = Flag()
  // Checks and the stop must not be in step.
  let stop = UInt32(lead * 1e6) + standby.phase(of: interval / 1_000)
  return try standby.serve(
    rate: rate, seconds: duration(pause), on: standby.exchange(with: [old, new.endpoint()]),
    by: Orders { $0 % 2 == 1 && hasMoved.isSet ? 1 : 0 },
    beside: [
      { standby in
        usleep(stop)
        standby.primary?.pause()
        usleep(UInt32(1_000 * pause))
        standby.primary?.resume()
      },
      { standby in
        let check = HealthCheck(interval: UInt64(interval * 1e6))
        _ = check.waitForAlarm(of: old) { false }
        log.stop()
        try standby.promote(
          standby.place("standby"), listening: new, lease: lease(standby.place("lease")))
        hasMoved.set()
      },
    ])
}
