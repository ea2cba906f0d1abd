import Results

/// What resources are used for, from a file beside the bill: a line for each resource, with what is
/// known of it.
///
///     ResourceId,cpu_p99,memory_p99,operations,attached,age_days,reads_per_gb
///     i-0123,0.22,0.31,,,,
///
/// Shares are from 0 to 1; `operations` are those of a month: I/O of a volume, connections of a
/// database, requests of a balancer. Empty is not known.
public struct Utilisation: Sendable {
  /// Of one resource.
  public struct Use: Sendable, Equatable {
    /// Share of its processors in the busiest hundredth of the time.
    public var cpu: Double?
    /// Share of its memory.
    public var memory: Double?
    /// A month.
    public var operations: Double?
    /// Whether it belongs to a machine.
    public var isAttached: Bool?
    /// Since it was made.
    public var ageDays: Double?
    /// Of a month, for each GB stored.
    public var readsPerGB: Double?
  }

  /// By resource.
  public let uses: [String: Use]

  /// Of none.
  public init() { uses = [:] }

  /// - Throws: `AssessmentError`.
  public init(_ text: [UInt8], named path: String) throws {
    let records = CSV.records(text)
    guard let header = records.first else { throw AssessmentError.empty(path) }
    guard let id = header.firstIndex(of: "ResourceId") else {
      throw AssessmentError.damaged(
        path, line: 1, reason: "there is no column ResourceId, with commas between the columns")
    }
    let names: Set = [
      "cpu_p99", "memory_p99", "operations", "attached", "age_days", "reads_per_gb",
    ]
    guard !names.isDisjoint(with: header) else {
      throw AssessmentError.damaged(
        path, line: 1,
        reason: "there is none of the columns \(names.sorted().joined(separator: ", "))")
    }
    var uses: [String: Use] = [:]
    for (index, record) in records.enumerated().dropFirst() {
      guard record.count == header.count else {
        throw AssessmentError.damaged(
          path, line: index + 1,
          reason: "\(record.count) fields; the first line has \(header.count)")
      }
      func number(_ name: String) throws -> Double? {
        guard let place = header.firstIndex(of: name), !record[place].isEmpty else { return nil }
        guard let value = Double(record[place]), value >= 0, value.isFinite else {
          throw AssessmentError.damaged(
            path, line: index + 1,
            reason: "\(name) '\(record[place])' is no number; write 0.35 for 35%")
        }
        return value
      }
      func share(_ name: String) throws -> Double? {
        let share = try number(name)
        guard share ?? 0 <= 1 else {
          throw AssessmentError.damaged(
            path, line: index + 1, reason: "\(name) is a share from 0 to 1; write 0.35 for 35%")
        }
        return share
      }
      guard uses[record[id]] == nil else {
        throw AssessmentError.damaged(
          path, line: index + 1, reason: "'\(record[id])' stands here twice")
      }
      uses[record[id]] = Use(
        cpu: try share("cpu_p99"), memory: try share("memory_p99"),
        operations: try number("operations"), isAttached: try number("attached").map { $0 > 0 },
        ageDays: try number("age_days"), readsPerGB: try number("reads_per_gb"))
    }
    self.uses = uses
  }
}
