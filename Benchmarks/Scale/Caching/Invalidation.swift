import CitedData
import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// A cached value after its write: until it expires, or until it is deleted.
  static let invalidation = Experiment(
    id: "scale/invalidation",
    title: "Expire after ten seconds → delete after a write, with a lease",
    slot: "scale/1m/caching",
    claim: """
      With one write per second a value that lives for ten seconds is stale in 90% of the reads; \
      deleted after each write it is stale in 1%, ten times as often as the delay of the delete \
      explains, and a lease leaves that delay alone.
      """,
    mechanism: """
      Deleting leaves a gap of a millisecond between the write and the delete. The larger error is \
      a race: a reader misses, reads the old value, and stores it after the delete of a write that \
      came meanwhile. Nothing deletes it until the next write, so that it stays stale for as long \
      as the value was new. It happens to each write that comes while a miss is under way. A \
      lease, given at the miss and withdrawn by the delete, refuses such a value.
      """,
    limits: """
      Keys are asked for often here, so that nearly every write meets a miss of the one before it \
      if it comes soon after. A cache that loses a delete, or a replica of the database that is \
      behind, makes values stale for ever as well: an expiry is worth keeping as a second line. \
      Leases: Nishtala et al., *Scaling Memcache at Facebook*, NSDI 2013.
      """,
    diagram: """
      flowchart LR
        r["readers"] --> c["cache"]
        c -- "misses, 10 ms" --> d["database"]
        w["writers"] --> d
        c --> e["expire: {expire}"]
        w -- "delete" --> f["delete: {delete}"]
        w -- "delete and withdraw" --> g["delete and lease: {delete and lease}"]
        e -- "{speedup} at {point}" --> f
      """,
    sweep: .count(
      "writes per second and key", [1, 2, 5, 10, 20], smoke: 5,
      label: { "\($0) write\($0 == 1 ? "" : "s") per second and key" }),
    metric: .share("stale reads", lowerIsBetter: true),
    signals: ["hit ratio"],
    work: { _ in Work(elements: reads * seconds, each: "read") },
    variants: [
      variant("expire", .expire), variant("delete", .delete),
      variant("delete and lease", .lease),
    ],
    uncertain: [deletion],
    headline: DeclaredHeadline(value: 1, variant: "delete"),
    model: { question in
      let writes = Double(question.value)
      // Of a lifetime the mean part after the first write; or the delay of the delete.
      let share =
        question.isBaseline
        ? 1 - (1 - exp(-writes * lifetime)) / (writes * lifetime)
        : 1 - exp(-writes * deletion.estimate)
      return Model(
        Term<Percent>.exactly(100 * share).named(
          question.isBaseline ? "written since it was stored" : "delete under way"), per: .metric)
    })
}

private enum Policy { case expire, delete, lease }
private let (lifetime, fetch) = (10.0, 0.01)
private let deletion = UncertainInput("purge.delay", named: "seconds from a write to its delete")
private let (reads, seconds) = (500.0, 400.0)
/// What happens when.
private let (reading, writing, deleting, storing) = (0, 1, 2, 3)

/// A key: its versions in the database and in the cache.
private func key(_ policy: Policy, _ point: Point) -> Replication {
  var readers = RandomStream(seed: point.seed, "reads")
  var writers = RandomStream(seed: point.seed, "writes")
  let (writes, deletion) = (Double(point.value), point[deletion])
  var agenda = Agenda()
  agenda.add(at: readers.exponential(mean: 1 / reads), kind: reading)
  agenda.add(at: writers.exponential(mean: 1 / writes), kind: writing)
  var (current, cached, expires) = (0, -1, 0.0)
  var (isFetching, isLeased) = (false, false)
  var (stale, hits, all, digest) = (0, 0, 0, UInt64(0))
  while let due = agenda.next(), due.time < seconds {
    switch due.kind {
    case reading:
      agenda.add(at: due.time + readers.exponential(mean: 1 / reads), kind: reading)
      all += 1
      if cached >= 0, due.time < expires {
        hits += 1
        if cached < current { stale += 1 }
      } else if !isFetching {
        // Read at once, stored when the answer is back.
        (isFetching, isLeased) = (true, true)
        agenda.add(at: due.time + fetch, kind: storing, of: current)
      }
    case writing:
      agenda.add(at: due.time + writers.exponential(mean: 1 / writes), kind: writing)
      current += 1
      digest = (digest << 7 | digest >> 57) ^ due.time.bitPattern
      if policy != .expire { agenda.add(at: due.time + deletion, kind: deleting) }
    case deleting: (cached, isLeased) = (-1, false)
    default:
      isFetching = false
      if policy == .lease, !isLeased { break }
      (cached, expires) = (due.subject, policy == .expire ? due.time + lifetime : .infinity)
    }
  }
  return Replication(
    offered: digest,
    figures: [
      "stale reads": .share(Double(stale) / Double(all)),
      "hit ratio": .share(Double(hits) / Double(all)),
    ])
}

private func variant(_ name: String, _ policy: Policy) -> Variant {
  Variant(simulated: name, shows: ["key"]) { key(policy, $0) }
}
