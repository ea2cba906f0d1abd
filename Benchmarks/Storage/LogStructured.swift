import Disks
import Glibc
import Harness
import Platform
import Results

extension Experiment {
  /// Small records written in place, or appended to a log that is cleaned.
  static let logStructured = Experiment(
    id: "storage/log-structured",
    title: "Small durable updates: in place → appended to a log",
    slot: "performance/storage/analysis",
    claim: """
      Batches of 64 small records that go to 64 different pages are durable several times faster when \
      they are appended to a log, with the cleaning of the log included, and the device writes a \
      fraction of the bytes; the fuller the log is kept, the more of the gain cleaning takes back.
      """,
    mechanism: """
      In place, each record of 256 bytes makes a page of 4 KiB dirty, and a flush writes 64 pages at \
      64 places: sixteen times the bytes, as 64 requests. The log writes the records side by side, in \
      one request. Its old versions are garbage, and space is regained by copying what is live in the \
      oldest part to the end. If records are updated at random, a share p of the oldest is still live, \
      with p = exp(−1 ÷ (fill × a)) and a = 1 ÷ (1 − p) writes for each update (Desnoyers, *Analytic \
      Modeling of SSD Write Performance*, SYSTOR 2012).
      """,
    limits: """
      Reads in the order of the keys lose: neighbours are no longer side by side. The map from keys \
      to places needs memory, and is made again by a scan of the log after a crash. Updates that fall \
      on the same pages merge in place as well. In place, a page that is torn by a power cut would \
      need a journal or a double write, which this table does without. Write amplification is taken \
      from the device's statistics, which count what others write too.
      """,
    diagram: """
      flowchart LR
        batch["64 records, one flush"] --> place["64 pages, in place: {in place}"]
        batch --> log["end of a log that is {point} full: {log}"]
        log -. "cleaning copies what is live" .-> log
        place -- "{speedup}" --> log
      """,
    sweep: .count("fill of the log", [50, 80, 95], smoke: 50, label: { "\($0)%" }),
    signals: ["write amplification"],
    needs: [.disk(bytes: 64 << 20)], tolerates: [.preempted],
    work: { _ in Work(elements: Double(UpdatedStore.batch), each: "record") },
    variants: [
      Variant(
        "in place", shows: ["update"],
        prepare: { point in
          try UpdatedStore(point) { path, _ in
            try RecordTable(path, records: UpdatedStore.records)
          }
        }, report: { $0.report() }, run: { store in update(store) }),
      Variant(
        "log", shows: ["update"],
        prepare: { point in
          try UpdatedStore(point) { path, random in
            let slots = UpdatedStore.records * 100 / point.value
            return try RecordLog(
              path, records: UpdatedStore.records, slots: slots, using: &random)
          }
        }, report: { $0.report() }, run: { store in update(store) }),
    ],
    headline: DeclaredHeadline(value: 80, variant: "log"),
    model: { question throws(MissingNumber) in
      let batch = Double(UpdatedStore.batch)
      let flush = try question.curve(.flushesTogether, at: 1)
      let cached = try question.time("write.cached.4k")
      let whole = try question.time("pread.cached.4k")
      let rest = Size.exactly(Double(4_096 - StoredRecord.bytes))
      let read = whole - rest / (try question.bandwidth("memcpy.memory"))
      let check = read.named("record read back")
      if question.isBaseline {
        let pages = try question.time("flush.page")
        return Model(
          (flush / batch).named("flush") + (cached + pages).named("page written") + check)
      }
      let writes = writesPerUpdate(fill: Double(question.value) / 100)
      let bytes = writes * Double(StoredRecord.bytes)
      let copies = (writes - 1) * read
      return Model(
        (flush / batch).named("flush") + (bytes / 4096 * cached).named("records written")
          + (bytes / 4096 * (try question.time("read.further.4k"))).named("transfer")
          + copies.named("cleaning: live records read") + check)
    })
}

/// Records that are written for each that is updated: see the mechanism.
private func writesPerUpdate(fill: Double) -> Double {
  var writes = 2.0
  for _ in 0..<500 { writes = 1 / (1 - exp(-1 / (fill * writes))) }
  return writes
}

/// - Returns: how many of the batch's records a reader finds in their newest version.
@inline(never)
private func update(_ store: UpdatedStore) -> UInt64 {
  attempt {
    let keys = store.nextKeys()
    try store.update(keys)
    return try store.found(keys)
  }
}
