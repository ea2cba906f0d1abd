import Databases
import Harness
import Results

extension Experiment {
  /// Reads and changes at random keys: two B-trees, and an LSM tree.
  static let btreeLSM = Experiment(
    id: "storage/btree-lsm",
    title: "Entries at random keys: B-tree (LMDB, SQLite) → LSM tree (RocksDB)",
    slot: "performance/storage/engines",
    claim: """
      Where most operations are changes at random keys, an LSM tree writes a small part of the bytes \
      that a B-tree does. That makes it faster where the device's bytes are the limit, and slower \
      where its compaction costs more processor time than the bytes that it saves. Where most are \
      reads, LMDB's B-tree is several times faster: a read walks through mapped memory, takes no \
      lock and copies nothing.
      """,
    mechanism: """
      A B-tree changes an entry in its page: a transaction of a hundred random changes dirties nearly \
      a hundred pages of 4 KiB. LMDB writes a copy of each, and of the pages above them; SQLite \
      writes each to its log and, at a checkpoint, in place. RocksDB appends the entry to a log, \
      sorts it in memory, and writes sorted files in the background, which it merges later \
      (compaction): each entry is written a few times, but only entries. Its read looks into the \
      entries in memory and into files level by level, past Bloom filters. Each call ends when \
      RocksDB's threads have nothing left to do; they run on the same processor, so that RocksDB \
      pays for its own compaction.
      """,
    limits: """
      All data are in memory, 40,000 entries of 108 B; where they are not, a B-tree also reads a \
      page for each change. RocksDB's sizes are scaled down with the data (64 KiB in memory, 512 \
      KiB on the first level), so that it compacts every few calls; more levels write more. Range \
      scans favour the B-trees. Equal durability: each transaction of 100 operations with a change \
      waits for the device. SQLite and RocksDB flush their logs; LMDB flushes its pages, then the \
      page that makes them valid. Nothing is compressed. Bytes are those that the device was \
      given, from whomever; *expected* are those that the sizes of pages and levels lead to.
      """,
    diagram: """
      flowchart LR
        op["{point} changes"] --> l["LMDB: copies of the pages: {LMDB}"]
        op --> s["SQLite: pages to a log, then in place: {SQLite}"]
        op --> r["RocksDB: entries to a log, sorted files, merged: {RocksDB}"]
        l -- "{speedup}" --> r
      """,
    sweep: .count("share of changes", [0, 10, 50, 100], smoke: 10, label: { "\($0)%" }),
    signals: [
      "write amplification", "write amplification, expected", "bytes written per change",
    ],
    needs: [.storage(bytes: EntryWork.neededBytes)],
    tolerates: [.preempted],
    work: { _ in
      Work(elements: Double(EntryWork.transactions * EntryWork.operations), each: "operation")
    },
    variants: [
      Variant(
        "LMDB", shows: ["passLMDB"], prepare: { try lmdbBench($0) },
        report: { $0.report() }, run: { bench in attempt { try passLMDB(bench) } }),
      Variant(
        "SQLite", shows: ["passSQLite"], prepare: { try sqliteBench($0) },
        report: { $0.report() }, run: { bench in attempt { try passSQLite(bench) } }),
      Variant(
        "RocksDB", shows: ["passRocks"],
        needs: [.library("librocksdb.so", package: "librocksdb-dev")],
        prepare: { try rocksBench($0) },
        report: { $0.report() }, run: { bench in attempt { try passRocks(bench) } }),
    ],
    noYardstick: "The engines are the yardsticks: each is the best known of its kind.",
    headline: DeclaredHeadline(value: 50, variant: "RocksDB"),
    model: { question throws(MissingNumber) in try question.entryOperation() })
}

@inline(never)
private func passLMDB(_ bench: EntryBench<LMDBEnvironment>) throws -> UInt64 {
  let (work, environment) = (bench.work, bench.engine)
  return try bench.counted {
    var right: UInt64 = 0
    for _ in 0..<EntryWork.transactions {
      func pass(_ transaction: LMDBTransaction) throws -> UInt64 {
        try work.pass(
          read: { try transaction.get($0) { $0.loadUnaligned(as: UInt64.self) } ?? 0 },
          change: { try transaction.put($0, $1) })
      }
      right += try work.writes == 0 ? environment.read(pass) : environment.write(pass)
    }
    let isThere = try environment.read { transaction in
      try work.confirms { try transaction.get($0) { $0.loadUnaligned(as: UInt64.self) } ?? 0 }
    }
    return isThere ? right : 0
  }
}

@inline(never)
private func passSQLite(_ bench: EntryBench<SQLiteEntries>) throws -> UInt64 {
  let (work, entries) = (bench.work, bench.engine)
  return try bench.counted {
    var right: UInt64 = 0
    for _ in 0..<EntryWork.transactions {
      try entries.begin.run()
      right += try work.pass(
        read: { try entries.firstWord(of: $0) }, change: { try entries.change($0, to: $1) })
      try entries.commit.run()
    }
    return try work.confirms { try entries.firstWord(of: $0) } ? right : 0
  }
}

@inline(never)
private func passRocks(_ bench: EntryBench<RocksDatabase>) throws -> UInt64 {
  let (work, database) = (bench.work, bench.engine)
  return try bench.counted {
    var right: UInt64 = 0
    for _ in 0..<EntryWork.transactions {
      right += try work.pass(
        read: { try database.get($0) { $0.loadUnaligned(as: UInt64.self) } ?? 0 },
        change: { database.put($0, $1) })
      if work.writes > 0 { try database.commit() }
    }
    database.waitUntilQuiet()
    let isThere = try work.confirms {
      try database.get($0) { $0.loadUnaligned(as: UInt64.self) } ?? 0
    }
    return isThere ? right : 0
  }
}
