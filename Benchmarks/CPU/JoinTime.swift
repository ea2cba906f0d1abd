import Harness

/// The model of a join, per row.
struct JoinTime {
  private let question: Question
  private let rows: Double
  private let miss: Time

  init(_ question: Question) throws(MissingNumber) {
    self.question = question
    rows = Double(question.value)
    miss = try question.time("branch.miss")
  }

  func total() throws(MissingNumber) -> Time {
    switch question.variant {
    case "dictionary": try dictionary()
    case "open addressing": try openAddressing()
    default: try loops()
    }
  }

  private func loops() throws(MissingNumber) -> Time {
    let comparisons = (rows + 1) / 2 * (try question.searchStep())
    let why = "The match ends the loop at an unpredictable place."
    let ends = try question.randomEnd(of: rows).named("mispredictions", because: why)
    return comparisons.named("comparisons") + ends + (try reading())
  }

  private func dictionary() throws(MissingNumber) -> Time {
    // Load factor at most 3/4, so 4/3 places of 16 bytes for each row.
    let place = try question.randomLatency(in: rows * 16 * 4 / 3)
    // About half of the places are taken, so that one of a row's two look-ups is mispredicted.
    // Rows overlap but for that: it is noticed only when the place has arrived.
    let found = place.named("random access to the table") + miss.named("mispredictions")
    let hash = 2 * (try question.time("hash.int"))
    // The search for the key, twice, and the check of uniqueness are calls.
    let calls = 3 * (try question.time("call.closure"))
    let allocation = try question.time("malloc.free.1024") / rows
    return hash.named("hashing") + found + calls.named("calls of the dictionary")
      + allocation.named("allocation") + (try start()) + (try reading())
  }

  private func openAddressing() throws(MissingNumber) -> Time {
    // The sizes are powers of two, for which the table has twice as many places, of 16 bytes.
    let load = 0.5
    let bytes = 32 * rows
    // Of a row's two searches so many continue at the next place, which is mispredicted …
    let collisions = load / (1 - load)
    // … and so many leave the first one, whose line has to be there for that: other rows overlap.
    let waits = load * (try question.randomLatency(in: bytes))
    // Counted in the machine code of both loops.
    let work = try question.instructions(47)
    let allocation =
      try question.time("malloc.free.1024") / rows
      + question.moving(32, by: "write", in: bytes)
    // Random collisions before them leave the ends of both loops unpredictable.
    let ends = 2 / rows * miss
    let why = "Knuth, section 6.4: α / (1 − α) further places for two searches at load α."
    return work.named("instructions") + waits.named("random access to the table")
      + (collisions * miss + ends).named("mispredictions", because: why)
      + allocation.named("allocation and clearing") + (try start()) + (try reading())
  }

  /// What begins a join by a table, divided by its rows: both tables are retained for the call and
  /// released. The counts lie in their first lines, which the other joins' tables have evicted since.
  private func start() throws(MissingNumber) -> Time {
    let table = try question.time("retain.release") + question.randomLatency(in: tables)
    return (2 / rows * table).named("retaining the tables")
  }

  /// Bytes of the tables of all joins.
  private var tables: Double { 32 * rows * Double(Join.count(question.value)) }

  /// A row of each table is read once from where they lie. Mispredictions keep the core from looking
  /// ahead.
  private func reading() throws(MissingNumber) -> Time {
    (32.0 / 64 * (try question.orderedLine(in: tables))).named("reading the tables")
  }
}
