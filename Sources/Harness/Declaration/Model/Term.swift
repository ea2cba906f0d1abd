import Results

/// What a term of a model is measured in. A tag at compile time: a time can't be added to a size.
public protocol TermUnit: Sendable {
  /// As it is written behind a number.
  static var unit: Unit { get }
}

/// Nanoseconds, as all the machine's times are.
public enum Nanoseconds: TermUnit {
  /// `ns`
  public static let unit = Unit.nanoseconds
}
/// Bytes.
public enum Bytes: TermUnit {
  /// `B`
  public static let unit = Unit.bytes
}
/// Bytes in a nanosecond, that is GB/s.
public enum BytesPerNanosecond: TermUnit {
  /// `GB/s`
  public static let unit = Unit(rawValue: "GB/s")
}
/// A pure number: a count from the code, a share, a ratio.
public enum Pure: TermUnit {
  /// Nothing behind the number.
  public static let unit = Unit.count
}
/// A share of a whole in percent, as metrics of shares are.
public enum Percent: TermUnit {
  /// `%`
  public static let unit = Unit.share
}
/// Dollars a month of 730 hours.
public enum DollarsPerMonth: TermUnit {
  /// `$/month`
  public static let unit = Unit.dollarsPerMonth
}
/// Requests or operations in a second.
public enum PerSecond: TermUnit {
  /// `op/s`
  public static let unit = Unit.operationsPerSecond
}

/// A quantity of a model: its value, and the expression that it comes from.
///
/// Terms are put together by arithmetic, `longest` and `named`; a number of the machine is a term,
/// and so is a count. What a page shows of a model (the sentence, the table of terms with their
/// sources, the chart) and the interval of the prediction come from the expression.
///
///     let miss = try question.time("branch.miss")
///     (0.5 * levels * miss).named("mispredictions")
public struct Term<U: TermUnit>: Sendable, Equatable {
  /// In the term's unit.
  public let value: Double
  let node: TermNode

  init(_ node: TermNode) {
    self.node = node
    value = node.value
  }

  /// A count read off the code, or what follows from counts: it has no interval and needs no
  /// source.
  public static func exactly(_ value: Double) -> Term { Term(.constant(value)) }

  /// A quantity that is not one of the machine's numbers: a price, a cited figure, an assumption.
  /// - Parameters:
  ///   - low, high: its interval; the estimate where there is none.
  ///   - source: where it is from: a citation, a file and row, or `assumption`.
  public static func input(
    _ name: String, _ estimate: Double, low: Double? = nil, high: Double? = nil, source: String
  ) -> Term {
    Term(
      .input(
        TermInput(
          name: name, estimate: estimate, low: low ?? estimate, high: high ?? estimate,
          unit: U.unit, source: source)))
  }

  /// An assumption: anything between its ends is as likely, and the estimate stands for them in the
  /// prediction.
  public static func assumed(_ name: String, _ estimate: Double, in range: ClosedRange<Double>)
    -> Term
  {
    Term(
      .input(
        TermInput(
          name: name, estimate: estimate, low: range.lowerBound, high: range.upperBound,
          unit: U.unit, source: "assumption", spread: .range)))
  }

  /// Gives the term a row of its own in the table of terms and a part in the chart.
  /// - Parameter why: a reason that the formula does not show, in one short sentence.
  public func named(_ name: String, because why: String? = nil) -> Term {
    Term(.named(name, because: why, node))
  }

  /// A whole number of steps: rounded up.
  public var roundedUp: Term { Term(.roundedUp(node)) }
}

/// A time in nanoseconds.
public typealias Time = Term<Nanoseconds>
/// A size in bytes.
public typealias Size = Term<Bytes>
/// Bytes in a nanosecond.
public typealias Bandwidth = Term<BytesPerNanosecond>
/// A pure number.
public typealias Ratio = Term<Pure>

extension Term: Comparable {
  /// By value.
  public static func < (a: Term, b: Term) -> Bool { a.value < b.value }
  /// By value: two expressions of the same value are as good as each other.
  public static func == (a: Term, b: Term) -> Bool { a.value == b.value }
}

extension Term {
  /// Nothing.
  public static var zero: Term { Term(.constant(0)) }

  /// One after the other.
  public static func + (a: Term, b: Term) -> Term { Term(TermNode.sum(of: a.node, b.node)) }
  /// What is left.
  public static func - (a: Term, b: Term) -> Term { Term(.difference(a.node, b.node)) }
  /// So many times.
  public static func * (count: Double, term: Term) -> Term {
    Term(TermNode.product(of: .constant(count), term.node))
  }
  /// So many times.
  public static func * (term: Term, count: Double) -> Term { count * term }
  /// Shared by so many.
  public static func / (term: Term, count: Double) -> Term { (1 / count) * term }
  /// A share of it.
  public static func * (share: Ratio, term: Term) -> Term {
    Term(TermNode.product(of: share.node, term.node))
  }
  /// Shared by a ratio.
  public static func / (term: Term, ratio: Ratio) -> Term {
    Term(TermNode.quotient(of: term.node, ratio.node))
  }
  /// How many of the one make the other.
  public static func / (a: Term, b: Term) -> Ratio { Ratio(TermNode.quotient(of: a.node, b.node)) }
  /// One more.
  public static func += (a: inout Term, b: Term) { a = a + b }
}

extension Term<Pure> {
  /// A share of a share.
  public static func * (a: Ratio, b: Ratio) -> Ratio {
    Ratio(TermNode.product(of: a.node, b.node))
  }
  /// How many of the one make the other.
  public static func / (a: Ratio, b: Ratio) -> Ratio {
    Ratio(TermNode.quotient(of: a.node, b.node))
  }
  /// What a share leaves.
  public static func - (whole: Double, share: Ratio) -> Ratio {
    Ratio(.difference(.constant(whole), share.node))
  }
  /// One more.
  public static func + (a: Double, b: Ratio) -> Ratio { .exactly(a) + b }
}

extension Term<Bytes> {
  /// The time in which a bandwidth moves the bytes.
  public static func / (bytes: Size, bandwidth: Bandwidth) -> Time {
    Time(TermNode.quotient(of: bytes.node, bandwidth.node))
  }
}

/// Of what overlaps, the longest is what is seen: the roofline's rule.
public func longest<U>(_ terms: Term<U>...) -> Term<U> { Term(.longest(terms.map(\.node))) }

/// The least of them: what limits.
public func shortest<U>(_ terms: Term<U>...) -> Term<U> { Term(.shortest(terms.map(\.node))) }
