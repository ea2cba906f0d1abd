import Statistics

extension Term {
  /// What a simulation of the very system that is measured comes to: the prediction of an experiment
  /// whose parts are real, and small enough to be simulated as they are.
  ///
  /// The median over runs with seeds of their own, as the measured value is the median over
  /// processes: where a queue grows without end, the mean of a short window is another number. There
  /// are 50 runs, and up to 200 where their median is not known to 5% by then. A model is a pure
  /// function, so that the seeds are always the same ones.
  /// - Parameters:
  ///   - name: as the page shows it.
  ///   - run: the metric of one run, in the term's unit and above 0.
  public static func simulated(_ name: String, _ run: (_ seed: UInt64) -> Double) -> Term {
    var values: [[Double]] = []
    var interval: ConfidenceInterval
    repeat {
      for _ in 0..<50 { values.append([run(UInt64(values.count + 1))]) }
      interval = OrderStatisticInterval().interval(values, level: PairedComparison.level)
    } while values.count < 200 && interval.halfWidth > 0.05 * interval.estimate
    return .input(
      name, interval.estimate, low: interval.low, high: interval.high,
      source: "a simulation of this system, \(values.count) runs")
  }
}
