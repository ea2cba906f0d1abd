import Glibc
import Harness
import LoadBenches
import Platform
import Results
import Shop
import Systems

extension Experiment {
  /// What follows `kill -9` of the only Shop.
  static let failover = Experiment(
    id: "scale/failover",
    title: "Restore the backup → promote a standby",
    slot: "scale/10k/single-point-of-failure",
    claim: """
      A standby that gets the database's log every 5 ms loses the orders of these 5 ms, where a \
      backup loses all since it was taken; it is promoted in milliseconds, so that with checks every \
      20 ms or more the outage is nearly all detection.
      """,
    mechanism: """
      A Shop in a process of its own takes 1,000 orders per second and is killed. Somebody else \
      checks its health every {point}; three misses are an alarm. On average it takes two and a half \
      intervals until then, since the first miss comes half an interval after the death. Then the \
      backup is copied, or the log that has arrived is replayed, and a Shop is opened on it at the \
      same port. Every acknowledged order is looked for by its key afterwards. PostgreSQL takes the \
      same orders and streams its log, as it is written, to a standby made by `pg_basebackup`; all \
      its processes are killed and the standby is promoted (`pg_promote`). Its sessions are \
      connected to both servers from the start.
      """,
    limits: """
      Where only the process died, a restart on the same files is as fast and loses nothing: a \
      standby pays off when the machine or its disk is gone. The log is copied from file to file \
      here, without a network. A backup of this size is copied in milliseconds; one of 100 GB takes \
      minutes. To lose nothing, a commit has to wait for the standby, as those of synchronous \
      PostgreSQL do (an order lost there ends the run); when the standby fails, they wait for it. \
      Its standby retries every 10 ms here: by default (`wal_retrieve_retry_interval`) some \
      promotions take 5 s.
      """,
    diagram: """
      flowchart LR
        k["kill -9"] -- "checks every {point}" --> a["alarm"]
        a --> b["copy the backup, open: {restore the backup}"]
        a --> r["restart on the same files: {restart}"]
        a --> s["open the standby: {promote the standby}"]
        a --> p["PostgreSQL, pg_promote: asynchronous {PostgreSQL, asynchronous}, synchronous {PostgreSQL, synchronous}"]
        b -- "{speedup}" --> s
      """,
    sweep: .count("interval", [5, 20], smoke: 5, label: { "\($0) ms" }),
    metric: .reported("time without service", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["acknowledged orders lost", "acknowledged orders kept"],
    needs: [.cores(2), .storage(bytes: 20 * ShopBench.needed)],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "failure") },
    variants: [
      variant("restore the backup", "restoring", restoring),
      variant("restart", "restarting", isReference: true, restarting),
      variant("promote the standby", "promoting", shipsLog: true, promoting),
      postgres("PostgreSQL, asynchronous", waitsForStandby: false),
      postgres("PostgreSQL, synchronous", waitsForStandby: true),
    ],
    demands: Demands { point in
      let standby = try Standby(point, data: .medium)
      let start = Clock.now()
      let folder = try standby.restore(to: "restored")
      let copied = Clock.now()
      try standby.promote(folder)
      let opened = Clock.now()
      standby.successor?.stop()
      var demands = ["copying": Double(copied - start), "opening": Double(opened - copied)]
      if InstalledProgram.path(of: "postgres") != nil {
        let server = PostgresStandby(point, waitsForStandby: false)
        demands["promoting PostgreSQL"] = try server.promotionTime()
      }
      return demands
    },
    headline: DeclaredHeadline(value: 5, variant: "promote the standby"),
    model: { question throws(MissingNumber) in
      let interval = Time.exactly(1e6 * Double(question.value))
      let detection = (2.5 * interval).named("detection")
      if question.variant.hasPrefix("PostgreSQL") {
        return question.demand("promoting PostgreSQL").map { Model(detection + $0, per: .metric) }
      }
      guard let copying = question.demand("copying"), let opening = question.demand("opening")
      else { return nil }
      let opened = detection + opening
      return Model(question.isBaseline ? opened + copying : opened, per: .metric)
    })
}

/// Orders per second.
private let rate = 1_000.0
/// Seconds until it is killed, and after it is replaced.
private let (lead, tail) = (ShopBench.isMeasuring ? 0.06 : 0.4, 0.06)

private func restoring(_ standby: Standby, _ port: UInt16, _: LogShipping?) throws {
  try standby.promote(try standby.restore(to: "restored"), port: port)
}

private func restarting(_ standby: Standby, _ port: UInt16, _: LogShipping?) throws {
  try standby.promote(standby.place("primary"), port: port)
}

private func promoting(_ standby: Standby, _ port: UInt16, _ log: LogShipping?) throws {
  log?.stop()
  try standby.promote(standby.place("standby"), port: port)
}

private func variant(
  _ name: String, _ shows: String, isReference: Bool = false, shipsLog: Bool = false,
  _ replace: @escaping @Sendable (Standby, UInt16, LogShipping?) throws -> Void
) -> Variant {
  Variant(
    name, isReference: isReference, shows: [shows],
    prepare: { (standby: try Standby($0, data: .medium), interval: $0.value) },
    report: { $0.standby.report },
    run: { trial in
      orEnd { try fail(trial.standby, every: trial.interval, shipsLog: shipsLog, replace) }
    })
}

/// PostgreSQL in the place of the Shop.
private func postgres(_ name: String, waitsForStandby: Bool) -> Variant {
  Variant(
    name, isReference: true, shows: ["streaming"], needs: PostgresStandby.needs,
    prepare: { (PostgresStandby($0, waitsForStandby: waitsForStandby), $0.value) },
    report: { standby, _ in standby.report },
    run: { standby, interval in orEnd { try streaming(standby, every: interval) } })
}

/// Returns how many orders are lost that waited for the standby.
private func streaming(_ standby: PostgresStandby, every milliseconds: Int) throws -> UInt64 {
  try standby.start()
  let death = UInt32(lead * 1e6) + standby.phase(of: Double(milliseconds) / 1_000)
  return try standby.serve(
    rate: rate, seconds: seconds(milliseconds),
    kill: { standby in
      usleep(death)
      try standby.kill()
    },
    replace: { standby in
      let isAlive = try standby.check()
      let check = HealthCheck(interval: UInt64(milliseconds) * 1_000_000)
      _ = check.waitForAlarm(until: { false }, isAlive: isAlive)
      try standby.promote()
    })
}

/// Of the load.
private func seconds(_ milliseconds: Int) -> Double { lead + tail + Double(milliseconds) * 5e-3 }

/// Kills the Shop under load and has it replaced. Returns 0 where no invariant is violated.
private func fail(
  _ standby: Standby, every milliseconds: Int, shipsLog: Bool,
  _ replace: @escaping @Sendable (Standby, UInt16, LogShipping?) throws -> Void
) throws -> UInt64 {
  let interval = UInt64(milliseconds) * 1_000_000
  let endpoint = try standby.start()
  let log =
    shipsLog
    ? try LogShipping(
      from: standby.place("primary"), to: standby.place("standby"), every: 5_000_000,
      cpu: standby.cpu) : nil
  // Checks and death must not be in step.
  let death = UInt32(lead * 1e6) + standby.phase(of: Double(milliseconds) / 1_000)
  return try standby.serve(
    rate: rate, seconds: seconds(milliseconds),
    on: standby.exchange(with: [endpoint]), by: Orders(),
    beside: [
      { standby in
        usleep(death)
        standby.primary?.kill()
      },
      { standby in
        let check = HealthCheck(interval: interval, timeOut: 500_000_000)
        _ = check.waitForAlarm(of: endpoint) { false }
        try replace(standby, endpoint.port, log)
      },
    ])
}
