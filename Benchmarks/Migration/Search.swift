import Databases
import Harness
import Platform
import Results

extension Experiment {
  /// Products whose title has a word.
  static let search = Experiment(
    id: "migration/search",
    title: "Search in titles: LIKE → inverted index (FTS5)",
    slot: "migration/database/polyglot",
    claim: """
      `LIKE` looks at every title, so that its time grows with the catalogue; the inverted \
      index's grows with the titles that match alone. The cut-over changes what is found: a word \
      inside of another one is no word to the index, and the customers who search for *book* no \
      longer see *notebook*.
      """,
    mechanism: """
      A pattern that begins with `%` can use no index: each row is decoded and its title \
      compared at each of its places. FTS5 keeps for every word the list of the rows that have \
      it, as differences of their numbers in some bytes each, and a search decodes that list \
      alone. {point}, of which one in a hundred has the word; both return how many there are and \
      the sum of their numbers. The titles that only `LIKE` finds are planted: one in a \
      thousand, counted below and left out of both results.
      """,
    limits: """
      The trigram tokenizer of FTS5 finds parts of words too, with an index several times as \
      large. Each insert writes the words as well, and a title that is changed past the triggers \
      is found under its old words. A word that half of all titles have is no cheaper by an \
      index. Results by relevance, stemming and synonyms are what people then ask for.
      """,
    diagram: """
      flowchart LR
        subgraph before["LIKE: {LIKE}"]
          direction LR
          q0["%book%"] --> t0["{point}"]
        end
        subgraph after["inverted index: {inverted index}"]
          direction LR
          q1["book"] --> i1["list of rows"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "titles", [1_000, 10_000, 50_000], smoke: 1_000, label: { "\($0) titles" }),
    signals: ["titles that only LIKE finds", "bytes"],
    needs: [.storage(bytes: SharedDatabase.needed)], tolerates: [.preempted],
    work: { _ in Work(elements: 1, each: "search") },
    variants: [
      variant("LIKE", shows: "pattern", pattern, table: ["titles"]),
      variant("inverted index", shows: "words", words, table: ["found_data", "found_idx"]),
    ],
    demands: Demands { _ in
      // By itself: titles of a catalogue of its own, and lists of two lengths.
      let database = try titles(2_000)
      let compared = try time(pattern, on: database, runs: 5) / 2_000
      let short = try time(words, on: database, runs: 50)
      let long = try time(everyWord, on: database, runs: 20)
      let entry = max(0, long - short) / (2_000 - 20)
      return [
        "a title that is compared": compared, "an entry of the list": entry,
        "opening the list": short - 20 * entry,
      ]
    },
    headline: DeclaredHeadline(value: 10_000, variant: "inverted index"),
    model: { question in
      let titles = Double(question.value)
      guard let title = question.demand("a title that is compared"),
        let entry = question.demand("an entry of the list"),
        let list = question.demand("opening the list")
      else { return nil }
      if question.isBaseline { return Model((titles * title).named("titles")) }
      return Model(list.named("the list is opened") + (titles / 100 * entry).named("entries"))
    })
}

private var pattern: String {
  "SELECT count(*), sum(id) FROM titles WHERE title LIKE '%book%' AND title NOT LIKE '%notebook%'"
}
private var words: String { "SELECT count(*), sum(rowid) FROM found WHERE found MATCH 'book'" }
/// All titles have it.
private let everyWord = "SELECT count(*), sum(rowid) FROM found WHERE found MATCH 'made'"

private func titles(_ count: Int) throws -> SQLiteDatabase {
  try SharedDatabase.opened("\(count) titles") { database in
    try database.execute(
      """
      CREATE TABLE titles(id INTEGER PRIMARY KEY, title TEXT NOT NULL);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT \(count))
        INSERT INTO titles SELECT i, 'made of ' || CASE i % 3 WHEN 0 THEN 'oak' WHEN 1 THEN 'linen'
          ELSE 'copper' END || CASE WHEN i % 100 = 7 THEN ' book' WHEN i % 1000 = 1 THEN ' notebook'
          ELSE ' lamp' END || ' of series ' || (i % 977) FROM n;
      CREATE VIRTUAL TABLE found USING fts5(title, content='titles', content_rowid='id');
      INSERT INTO found(found) VALUES ('rebuild');
      """)
  }
}

private func time(_ sql: String, on database: SQLiteDatabase, runs: Int) throws -> Double {
  let query = try Queries(sql, on: database, [[]], columns: 2)
  let start = Clock.now()
  for _ in 0..<runs { _ = try query.digest() }
  return Double(Clock.now() - start) / Double(runs)
}

private func variant(_ name: String, shows: String, _ sql: String, table: [String]) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { point in
      let database = try titles(point.value)
      let only = "SELECT count(*) FROM titles WHERE title LIKE '%notebook%'"
      let tables = table.map { "'\($0)'" }.joined(separator: ", ")
      let bytes = try? database.integer("SELECT sum(pgsize) FROM dbstat WHERE name IN (\(tables))")
      return try Queries(
        sql, on: database, [[]], columns: 2,
        report: [
          "titles that only LIKE finds": .count(Double(try database.integer(only) ?? 0)),
          "bytes": Counter(Double(bytes ?? 0), unit: .bytes),
        ])
    },
    report: { $0.report }, run: { queries in orEnd { try queries.digest() } })
}
