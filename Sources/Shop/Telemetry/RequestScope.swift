import Platform

/// What a request has done so far: its counts, and its spans where it is traced. For the thread that
/// serves it.
final class RequestScope {
  var counts = Counts()
  private(set) var spans: [Span] = []
  /// For reading, where the request keeps it.
  var connection: ShopConnection?
  private let isTraced: Bool
  private var open: [Int] = []

  init(isTraced: Bool) { self.isTraced = isTraced }

  func count(_ count: Count, _ amount: Int = 1) { counts[count] += amount }

  /// Runs `body` as a part that has a name, and returns what it returns.
  func span<Answer>(_ name: StaticString, _ body: () throws -> Answer) rethrows -> Answer {
    guard isTraced else { return try body() }
    let index = spans.count
    spans.append(Span(name: "\(name)", parent: open.last, start: Clock.now(), end: 0))
    open.append(index)
    defer {
      spans[index].end = Clock.now()
      open.removeLast()
    }
    return try body()
  }

  /// Time in the database, counted.
  func query<Answer>(_ name: StaticString, _ body: () throws -> Answer) rethrows -> Answer {
    try span(name) {
      let start = Clock.now()
      defer {
        counts[.queries] += 1
        counts[.databaseNanoseconds] += Int(Clock.now() - start)
      }
      return try body()
    }
  }
}

/// A part of a request's time.
struct Span: Sendable, Equatable {
  let name: String
  /// Index of the span that it is part of; nil for the request itself.
  let parent: Int?
  /// By `Clock`.
  let start: UInt64
  var end: UInt64
}
