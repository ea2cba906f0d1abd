import Glibc
import Harness
import Results
import Statistics
import TraceMap

extension Experiment {
  /// Who else uses the tables of a database that is to be divided.
  static let sharedDatabase = Experiment(
    id: "migration/shared-database",
    title: "Programs that use a database's tables: grep → query log, names resolved",
    slot: "migration/services/dependencies",
    claim: """
      Searched by their names, six of the fourteen uses of a shared database's tables are found, \
      and three that are none; a week of the query log has two thirds, and a quarter nearly all, \
      if the names in it are resolved by the database: a view and a trigger hide tables from the \
      text of a query as they do from the text of a program.
      """,
    mechanism: """
      Eleven programs use eight tables in fourteen ways; the truth is listed. Five name their \
      tables in their source. The others put names together, read them from a configuration, \
      leave them to an object mapper, ask a view, or write through a trigger; and one program \
      that mentions tables is no longer run. Each program runs with its period: daily, weekly, \
      monthly, quarterly. The log has {point}. Its text is read for the names behind FROM, INTO \
      and UPDATE; the third way asks SQLite which tables each statement touches \
      (`sqlite3_set_authorizer`; PostgreSQL has it in `pgaudit` and in `pg_stat_user_tables`). A \
      program with the period T is missed with (1 − 1 ÷ T)ⁿ in n days. The share counts uses that \
      were found and are true, of all that are either.
      """,
    limits: """
      The programs are made up, each in a way that is common; which share of a real system's uses \
      is hidden is not known from them. Who shares one database user can't be told apart in a \
      log: give each program its own first. What runs once a year, or by hand in an emergency, is \
      in no quarter's log. A log of all queries costs time: sample sessions and not queries.
      """,
    diagram: """
      flowchart LR
        subgraph before["grep: {grep}"]
          direction LR
          s0["sources"] -- "names" --> u0["uses"]
        end
        text["the log's text: {query log}"]
        subgraph after["resolved: {names resolved}"]
          direction LR
          l1["log of {point}"] -- "views, triggers" --> u1["uses"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("days", [1, 7, 30, 90], smoke: 7, label: { $0 == 1 ? "1 day" : "\($0) days" }),
    metric: .share("uses that are right", lowerIsBetter: false),
    signals: ["uses missed", "uses invented"],
    tolerates: countTolerates,
    work: { Work(elements: Double($0), each: "day") },
    variants: [
      Variant(
        "grep", shows: ["byName"], prepare: { try SharedTables($0) }, report: { $0.report },
        run: { $0.judged(byName($0)) }),
      Variant(
        "query log", shows: ["byText"], prepare: { try SharedTables($0) }, report: { $0.report },
        run: { tables in orEnd { tables.judged(byText(try tables.logged())) } }),
      Variant(
        "names resolved", shows: ["resolved"], prepare: { try SharedTables($0) },
        report: { $0.report },
        run: { tables in orEnd { tables.judged(resolved(try tables.logged())) } }),
    ],
    headline: DeclaredHeadline(value: 90, variant: "names resolved"),
    model: { question in
      let uses = SharedTables.uses
      guard !question.isBaseline else {
        let named = uses.filter { $0.hiding == .none }.count
        let found = 100 * Double(named) / Double(uses.count + SharedTables.mentions)
        return Model(Term<Percent>.exactly(found).named("uses that are named"), per: .metric)
      }
      let isText = question.variant == "query log"
      let seen = uses.filter { !isText || $0.hiding != .inDatabase }.reduce(0) { sum, use in
        sum + 1 - pow(1 - 1 / use.period, Double(question.value))
      }
      let all = Double(uses.count + (isText ? 1 : 0))
      return Model(
        Term<Percent>.exactly(100 * seen / all).named("uses of programs that have run"),
        per: .metric)
    })
}

/// A program uses a table that its source mentions.
private func byName(_ tables: SharedTables) -> Set<SharedTables.Use> {
  var found: Set<SharedTables.Use> = []
  for (program, source) in SharedTables.sources {
    let words = Set(source.split { !($0.isLetter || $0 == "_") }.map(String.init))
    for table in SharedTables.names where words.contains(table) {
      found.insert(.init(program: program, table: table))
    }
  }
  return found
}

private func byText(_ log: [SharedTables.Entry]) -> Set<SharedTables.Use> {
  uses(log) { entry in
    let found = TraceMap.tables(of: entry.sql)
    return found.reads + found.writes
  }
}

private func resolved(_ log: [SharedTables.Entry]) -> Set<SharedTables.Use> {
  uses(log) { Array($0.tables) }
}

private func uses(
  _ log: [SharedTables.Entry], _ tables: (SharedTables.Entry) -> [String]
) -> Set<SharedTables.Use> {
  var found: Set<SharedTables.Use> = []
  for entry in log {
    for table in tables(entry) {
      found.insert(SharedTables.Use(program: entry.program, table: table))
    }
  }
  return found
}
