import Platform

/// What a request has done so far: its counts, and its spans where it is traced. For the thread that
/// serves it.
final class RequestScope {
  var counts = Counts()
  private(set) var spans: [Span] = []
  /// For reading, where the request keeps it.
  var connection: (any ShopConnection)?
  private let isTraced: Bool
  private var open: [Int] = []

  init(isTraced: Bool) { self.isTraced = isTraced }

  func count(_ count: Count, _ amount: Int = 1) { counts[count] += amount }

  /// Runs `body` as a part that has a name, and returns what it returns.
  func span<Answer>(
    _ name: StaticString, query: Query? = nil, _ body: () throws -> Answer
  ) rethrows -> Answer {
    guard isTraced else { return try body() }
    return try traced(Span(name: "\(name)", query: query, parent: open.last), body)
  }

  /// The same for a function that a module offers: `Carts.lines`.
  func function<Answer>(
    _ name: StaticString, _ body: () throws -> Answer
  ) rethrows -> Answer {
    guard isTraced else { return try body() }
    return try traced(Span(name: "\(name)", isFunction: true, parent: open.last), body)
  }

  private func traced<Answer>(_ span: Span, _ body: () throws -> Answer) rethrows -> Answer {
    let index = spans.count
    spans.append(span)
    open.append(index)
    defer {
      spans[index].end = Clock.now()
      open.removeLast()
    }
    return try body()
  }

  /// Time in the database, counted.
  func query<Answer>(_ query: Query, _ body: () throws -> Answer) rethrows -> Answer {
    try span("database", query: query) {
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
  /// What the database was asked.
  var query: Query?
  /// Whether the name is that of a module's function.
  var isFunction = false
  /// Index of the span that it is part of; nil for the request itself.
  let parent: Int?
  /// By `Clock`.
  var start = Clock.now()
  var end: UInt64 = 0
}
