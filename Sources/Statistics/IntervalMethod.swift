/// A way to state where the centre of values lies that come from independent processes.
///
/// Samples of one process share its address layout, so that they are no independent evidence: the
/// unit of replication is the process, whatever the number of blocks in it.
/// Source: Kalibera and Jones, *Rigorous Benchmarking in Reasonable Time*, 2013.
public protocol IntervalMethod: Sendable {
  /// As METHODOLOGY.md calls it.
  var name: String { get }

  /// The interval for the centre over processes. The result is independent of the processes'
  /// order, moves with a shift of all values and grows with their scale.
  ///
  /// - Parameters:
  ///   - blocks: one list of values for each process, at least one process and none empty.
  ///   - level: the coverage wanted, above 0 and below 1.
  func interval(_ blocks: [[Double]], level: Double) -> ConfidenceInterval
}
