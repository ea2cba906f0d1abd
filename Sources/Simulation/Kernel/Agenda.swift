/// What is due when, for a simulation of one's own: the earliest comes first, and of two at the same
/// time the one that was added first.
///
///     var agenda = Agenda()
///     agenda.add(at: 3, kind: arrival, of: server)
///     while let due = agenda.next() { … }
public struct Agenda: ~Copyable {
  private var calendar = Calendar()

  /// Nothing is due.
  public init() {}

  /// Adds something.
  /// - Parameters:
  ///   - time: in seconds.
  ///   - kind: what happens; 0 or more.
  ///   - subject: to what; 0 or more.
  public mutating func add(at time: Double, kind: Int, of subject: Int = 0) {
    calendar.schedule(.wake, at: time, Int32(subject), UInt32(kind))
  }

  /// What is due next, which is taken; nil if nothing is.
  public mutating func next() -> (time: Double, kind: Int, subject: Int)? {
    calendar.next().map { ($0.time, Int($0.generation), Int($0.target)) }
  }
}
