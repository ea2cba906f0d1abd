/// What a span does with a database: which collections it reads and writes.
struct DataAccess: Equatable {
  var reads: [String] = []
  var writes: [String] = []

  /// Nil where the span is none of a database.
  ///
  /// Source: OpenTelemetry's semantic conventions for databases, those before 1.28 too
  /// (`db.statement`, `db.sql.table`, `db.system`).
  init?(_ attributes: [String: String]) {
    guard let system = attributes["db.system.name"] ?? attributes["db.system"] else { return nil }
    let text = attributes["db.query.text"] ?? attributes["db.statement"]
    if let collection = attributes["db.collection.name"] ?? attributes["db.sql.table"] {
      let operation = attributes["db.operation.name"] ?? attributes["db.operation"] ?? text
      let word = operation?.split(whereSeparator: { !$0.isLetter }).first?.lowercased() ?? ""
      if Self.writing.contains(where: word.hasPrefix) {
        writes = [collection]
      } else {
        reads = [collection]
      }
    } else if let text {
      (reads, writes) = Self.tables(of: text)
    } else {
      reads = [attributes["db.namespace"] ?? attributes["db.name"] ?? system]
    }
  }

  private static let writing = [
    "insert", "update", "delete", "replace", "merge", "put", "set", "upsert", "remove", "write",
    "hset", "incr", "truncate",
  ]

  /// Tables of a statement of SQL: the names behind FROM and JOIN are read, those behind INTO and
  /// UPDATE, and behind the FROM of a DELETE, are written.
  static func tables(of sql: String) -> (reads: [String], writes: [String]) {
    let words = sql.split { !($0.isLetter || $0.isNumber || "_.\"`(),".contains($0)) }
      .flatMap(Self.parts)
    var (reads, writes, isDeletion) = ([String](), [String](), false)
    for (index, word) in words.enumerated() {
      let key = word.lowercased()
      if key == "delete" { isDeletion = true }
      guard index + 1 < words.count, ["from", "join", "into", "update"].contains(key) else {
        continue
      }
      // `UPDATE OR IGNORE t`, and the `DO UPDATE SET` of an upsert.
      var next = index + 1
      if key == "update", words[next].lowercased() == "or" { next += 2 }
      guard next < words.count else { continue }
      let name = words[next].filter { $0 != "\"" && $0 != "`" }
      guard let first = name.first, first.isLetter || first == "_",
        !["set", "select", "only"].contains(name.lowercased()),
        next + 1 == words.count || words[next + 1] != "(" || key == "into"
      else { continue }
      let isWrite = key == "into" || key == "update" || (key == "from" && isDeletion)
      if isWrite { isDeletion = false }
      if isWrite, !writes.contains(name) { writes.append(name) }
      if !isWrite, !reads.contains(name) { reads.append(name) }
    }
    return (reads, writes)
  }

  /// A word and the brackets and commas at it.
  private static func parts(_ word: Substring) -> [Substring] {
    var (parts, start) = ([Substring](), word.startIndex)
    for index in word.indices where "(),".contains(word[index]) {
      if start < index { parts.append(word[start..<index]) }
      parts.append(word[index...index])
      start = word.index(after: index)
    }
    if start < word.endIndex { parts.append(word[start...]) }
    return parts
  }
}
