/// What counts of a database say.
enum DatabaseRules {
  /// Rows that are read for each row that is returned.
  static func scans(_ facts: Facts) -> [Finding] {
    guard let scanned = facts.words.amount(.scanned), let queries = facts.words.amount(.queries),
      queries >= 20
    else { return [] }
    let rows = facts.words.amount(.rows) ?? queries
    let (each, perQuery) = (scanned / max(1, rows), scanned / queries)
    guard each >= 20, perQuery >= 100 else { return [] }
    return [
      Finding(
        kind: .scans, subject: "database",
        cost: (facts.databaseShare ?? 0.3) * (1 - 20 / max(20, perQuery)),
        evidence: [
          .init(
            figure: "\(Text.figure(each)) rows read for each row returned",
            threshold: "20", why: "an index leads to the rows that are returned"),
          .init(
            figure: "\(Text.figure(perQuery)) rows scanned per query", threshold: "100",
            why: "scans cost in proportion to the table"),
        ],
        gain: facts.databaseShare.flatMap {
          facts.gain(removing: $0 * (1 - 20 / max(20, perQuery)))
        })
    ]
  }

  /// Commits beside the requests that are meant to write.
  static func readsThatWrite(_ facts: Facts) -> [Finding] {
    guard let commits = facts.words.amount(.commits), let requests = facts.requests,
      requests >= 50
    else { return [] }
    let methods = ["POST", "PUT", "PATCH", "DELETE", "post", "put", "patch", "delete"]
    guard
      let reading = facts.words.amount(
        .requests, labels: { labels in ["GET", "HEAD", "get"].contains { labels.contains($0) } })
    else { return [] }
    let writing =
      facts.words.amount(.requests, labels: { labels in methods.contains { labels.contains($0) } })
      ?? 0
    let excess = commits - 1.5 * max(writing, 1)
    guard excess > 0, excess / requests >= 0.02, reading > 0 else { return [] }
    return [
      Finding(
        kind: .readsThatWrite, subject: "GET requests",
        cost: min(0.8, (commits - writing) / requests),
        evidence: [
          .init(
            figure:
              "\(Text.figure(commits / max(1, writing))) commits for each request that writes",
            threshold: "1.5",
            why:
              "only one connection writes at a time in most databases, and each commit waits for "
              + "the device; \(Text.grouped(reading)) requests only read")
        ], gain: facts.writingShare.flatMap { facts.gain(removing: $0) })
    ]
  }

  static func parsing(_ facts: Facts) -> [Finding] {
    guard let parsed = facts.words.amount(.parsed), let queries = facts.words.amount(.queries),
      queries >= 100, parsed / queries >= 0.3,
      // A connection of its own has to parse its statements.
      (facts.words.amount(.opened) ?? 0) < 0.3 * queries
    else { return [] }
    // A look-up by key, than which no statement does less, runs 2.5 times as fast prepared
    // (storage/prepared): more of the time than that no parsing can take. The data don't have it.
    let most = 1 - 1 / 2.5
    let gain = facts.databaseShare.flatMap { facts.gain(removing: most * $0) }
    return [
      Finding(
        kind: .parsing, subject: "database", cost: most * (facts.databaseShare ?? 0.3),
        evidence: [
          .init(
            figure: "\(Text.figure(parsed / queries)) statements parsed per query",
            threshold: "0.3", why: "a prepared statement is parsed and planned once"),
          .init(
            figure: "at most \(Text.percent(most)) of the time of queries", threshold: "–",
            why: "is parsing, as with look-ups by key; with larger queries it is less"),
        ], gain: gain.map { Gain(expected: $0.expected.squareRoot(), range: 1...$0.expected) })
    ]
  }

  static func connections(_ facts: Facts) -> [Finding] {
    guard let opened = facts.words.amount(.opened), let requests = facts.requests, requests >= 50,
      opened / requests >= 0.2
    else { return [] }
    let connecting = facts.share(ofPartsNamed: "connect").flatMap { $0 > 0 ? $0 : nil }
    return [
      Finding(
        kind: .databaseConnections, subject: "database", cost: max(0.25, connecting ?? 0),
        evidence: [
          .init(
            figure: "\(Text.figure(opened / requests)) database connections opened per request",
            threshold: "0.2",
            why: "a connection serves many requests; to open one costs more than "
              + "most queries")
        ], gain: connecting.flatMap { facts.gain(removing: $0) })
    ]
  }

  /// Statements by what they cost, and sessions by what they wait for.
  static func statements(_ facts: Facts) -> [Finding] {
    var findings: [Finding] = []
    let all = facts.readings.statements.reduce(0) { $0 + $1.seconds }
    for statement in facts.readings.statements where all > 0 && statement.seconds / all >= 0.3 {
      let share = statement.seconds / all
      let calls = max(1, statement.calls)
      let blocks = statement.blocks / calls
      var evidence = [
        Finding.Evidence(
          figure: "\(Text.percent(share)) of the time of all statements", threshold: "30%",
          why: "\(Text.grouped(calls)) calls of \(Text.seconds(statement.seconds / calls))")
      ]
      let readsMuch = statement.blocks > 0 && blocks / max(1, statement.rows / calls) >= 50
      if readsMuch {
        evidence.append(
          .init(
            figure: "\(Text.figure(blocks)) blocks per call for "
              + Text.counted(statement.rows / calls, "row"),
            threshold: "50 blocks per row", why: "an index needs a few blocks per row"))
      }
      findings.append(
        Finding(
          kind: readsMuch ? .scans : .slowStatement,
          subject: String(
            statement.text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(100)),
          cost: share * (facts.databaseShare ?? 0.7), evidence: evidence,
          gain: facts.databaseShare.flatMap { facts.gain(removing: share * $0) }))
    }
    let sessions = facts.readings.sessions
    let waiting = sessions.filter { $0.key.contains("waits for Lock") }
    let active = sessions.filter { $0.key.hasPrefix("active") }.values.reduce(0, +)
    let locked = waiting.values.reduce(0, +)
    if locked >= 3, Double(locked) >= 0.3 * Double(max(1, active)) {
      findings.append(
        Finding(
          kind: .serialised, subject: "database sessions",
          cost: Double(locked) / Double(max(1, active)) * 0.8,
          evidence: [
            .init(
              figure: "\(locked) of \(active) active sessions wait for a lock", threshold: "30%",
              why: "they wait for other sessions and not for the machine")
          ]))
    }
    let idle = sessions.first { $0.key.hasPrefix("idle in transaction") }?.value ?? 0
    if idle >= 5, idle > active {
      findings.append(
        Finding(
          kind: .poolLeak, subject: "database sessions", cost: 0.3,
          evidence: [
            .init(
              figure: "\(idle) sessions idle in a transaction, \(active) active",
              threshold: "5, and more than the active ones",
              why: "each holds a connection and its locks while it does nothing")
          ]))
    }
    return findings
  }
}
