import Dispatch
import Statistics
import Synchronization

/// The comparison of the simulator with theory.
public enum Validation {
  /// All checks.
  public static let checks = queueChecks + networkChecks + cacheChecks + requestChecks

  /// Runs a check for so many seeds, on all processors.
  /// - Parameter progress: called now and then, with the number of seeds that are done.
  public static func result(
    of check: ValidationCheck, seeds: Int, progress: @Sendable (Int) -> Void
  ) -> ValidationResult {
    let found = Mutex<[Int: [ConfidenceInterval]]>([:])
    DispatchQueue.concurrentPerform(iterations: seeds) { index in
      let intervals = check.intervals(seed: UInt64(index + 1))
      let done = found.withLock { all in
        all[index] = intervals
        return all.count
      }
      progress(done)
    }
    let all = found.withLock { $0 }
    return ValidationResult(check, intervals: (0..<seeds).map { all[$0] ?? [] })
  }

  /// The results as a page in Markdown.
  public static func page(_ results: [ValidationResult]) -> String {
    let seeds = results.first?.seeds ?? 0
    let quantities = results.reduce(0) { $0 + $1.held.count }
    let passed = results.reduce(0) { sum, result in
      sum + result.held.indices.count { result.passes($0) }
    }
    var lines = [
      "# The simulator against theory", "",
      "**\(passed) of \(quantities) quantities agree with theory.**", "",
      """
      Each quantity is simulated with \(seeds) seeds. The independent replications of a seed give \
      an interval of 95% (Student). It should hold the expected value for 95% of the seeds; fewer \
      than \(ValidationResult.fewest(of: seeds)) of \(seeds) would be rarer than one in a \
      thousand, and fails. *Tolerance* is how far the expected value may be off itself: none where \
      it is exact.
      """, "",
      "| system | quantity | expected | tolerance | simulated | held | |",
      "|---|---|--:|--:|--:|--:|---|",
    ]
    for result in results {
      for (index, quantity) in result.check.quantities.enumerated() {
        let tolerance = quantity.tolerance > 0 ? "± \(fourDigits(quantity.tolerance))" : "–"
        lines.append(
          "| \(index == 0 ? result.check.title : "") | \(quantity.name) "
            + "| \(fourDigits(quantity.expected)) | \(tolerance) "
            + "| \(fourDigits(result.means[index])) | \(result.held[index]) of \(seeds) "
            + "| \(result.passes(index) ? "agrees" : "**disagrees**") |")
      }
    }
    lines += ["", "## Sources", ""]
    for result in results { lines.append("- \(result.check.title): \(result.check.source)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func fourDigits(_ value: Double) -> String { significant(value, digits: 4) }
}
