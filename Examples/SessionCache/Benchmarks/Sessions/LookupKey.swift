import Harness
import Results

extension Experiment {
  /// A cache of sessions, looked up by a key that is made for each request.
  static let lookupKey = Experiment(
    id: "sessions/lookup-key",
    title: "The key of a cache: a string made for each lookup → a struct",
    slot: "sessions/cache",
    claim: """
      Finding a session by a struct of user and region is several times faster than by a string \
      that is made for each lookup, as long as the sessions are in a cache; where both wait for \
      memory, the gap narrows.
      """,
    mechanism: """
      A key such as "session:4711:eu-north" does not fit into a String's 15 bytes. Each lookup \
      therefore allocates and frees a block, converts the number to digits and hashes every byte, \
      and it compares the bytes with those of the key found, which lie in another block. A struct \
      of two integers is hashed and compared in registers.
      """,
    limits: """
      Keys that arrive as strings, from a request or another service, have to be parsed first. A \
      key of either kind that is used for many lookups should be built once.
      """,
    diagram: """
      flowchart LR
        r["user 4711, eu-north"] --> s["'session:4711:eu-north'"] --> h["hash 21 bytes"] --> t["table"]
        r --> k["Key(4711, 2)"] --> i["hash 2 integers"] --> t
        t --- a["string: {string}"]
        t --- b["struct: {struct}, {speedup} with {point} sessions"]
      """,
    sweep: .count("sessions", [100, 1_000, 10_000, 100_000], smoke: 100),
    work: { _ in Work(elements: Double(requestCount)) },
    variants: [
      Variant("string", shows: ["sentByString"], prepare: { Cache($0, by: \.text) }) {
        sentByString($0.table, $0.requests)
      },
      Variant("struct", shows: ["Key", "sentByStruct"], prepare: { Cache($0, by: \.self) }) {
        sentByStruct($0.table, $0.requests)
      },
    ],
    model: { question throws(MissingNumber) in
      guard question.isBaseline else {
        // No load waits for another.
        let line = try question.randomLine(in: touched(question.value, bytes: [16, 8]))
        return Model(
          try question.time("hash.int").named("hashing")
            + (2 * line).named("loads of the row and the value"))
      }
      let block = try question.time("malloc.free.64") + question.time("retain.release")
      // A user's number has six digits; each is a division by ten, compiled to a multiplication.
      let digits = try 6 * question.time("mul.integer.latency")
      // The bytes of the key are read after its row.
      let place = try question.randomLatency(in: touched(question.value, bytes: [16, 8, 64]))
      return Model(
        block.named("allocation") + digits.named("conversion to digits")
          + (try question.time("hash.string")).named("hashing")
          + (2 * place).named("loads of the row and the key"))
    })
}

/// Working set of a pass over the requests: of each array with elements of these sizes in every row
/// of the table, the whole or a line for each request. A Dictionary fills up to three in four of
/// its rows, whose number is a power of two.
private func touched(_ sessions: Int, bytes: [Int]) -> Double {
  var rows = 1
  while rows * 3 < sessions * 4 { rows *= 2 }
  return bytes.reduce(0) { $0 + Double(min(rows * $1, requestCount * 64)) }
}

private let requestCount = 1 << 14
private let regions = ["eu-north", "eu-south", "us-east", "us-west"]

/// Which session a request belongs to.
private struct Key: Hashable {
  var user: Int
  var region: Int

  var text: String { "session:\(user):\(regions[region])" }
}

/// What is cached, and the requests for it.
private struct Cache<Stored: Hashable & Sendable>: Sendable {
  let table: [Stored: Int]
  let requests: [Key]

  init(_ point: Point, by stored: (Key) -> Stored) {
    var random = point.generator()
    let keys = (0..<point.value).map { _ in
      Key(
        user: Int.random(in: 0..<1_000_000, using: &random),
        region: Int.random(in: 0..<regions.count, using: &random))
    }
    table = Dictionary(keys.map { (stored($0), $0.user & 0xfff) }) { first, _ in first }
    requests = (0..<requestCount).map { _ in keys[Int.random(in: 0..<keys.count, using: &random)] }
  }
}

@inline(never)
private func sentByString(_ sessions: [String: Int], _ requests: [Key]) -> Int {
  var bytes = 0
  for key in requests { bytes += sessions["session:\(key.user):\(regions[key.region])"] ?? 0 }
  return bytes
}

@inline(never)
private func sentByStruct(_ sessions: [Key: Int], _ requests: [Key]) -> Int {
  var bytes = 0
  for key in requests { bytes += sessions[key] ?? 0 }
  return bytes
}
