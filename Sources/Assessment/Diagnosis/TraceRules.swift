/// What traces say of a request's inside.
enum TraceRules {
  /// The same call many times in one request that only reads. A transaction has several statements
  /// for good reason.
  static func repeatedCalls(_ facts: Facts) -> [Finding] {
    let all = facts.work
    guard all > 0 else { return [] }
    var findings: [Finding] = []
    for (name, root) in facts.readings.traces.roots where root.requests >= 10 && !writes(name) {
      var worst: Finding?
      for (part, spans) in root.parts where spans.counts.count >= 10 {
        let sorted = spans.counts.sorted()
        let median = sorted[sorted.count / 2]
        guard median >= 8 else { continue }
        // Two calls are left of them.
        let saved = 1 - 2 / Double(median)
        // Between the calls the request sends, waits and does something for each of them. At least
        // the time of the spans themselves goes away.
        let (most, least) = (
          min(0.95, spans.fromFirstToLast / all * saved), spans.ownSeconds / all * saved
        )
        let gain = facts.gain(removing: most)
        let atLeast = facts.gain(removing: least)?.range.lowerBound ?? 1
        let finding = Finding(
          kind: .repeatedCalls, subject: name, cost: most,
          evidence: [
            .init(
              figure: "\(median) spans '\(part)' in a request (median of \(sorted.count))",
              threshold: "8", why: "each is a round trip; one call can ask for all"),
            .init(
              figure: "\(Text.percent(min(1, spans.fromFirstToLast / all))) of the time of all "
                + "requests",
              threshold: "–",
              why: "passes between the first of them and the last in a request, "
                + "\(Text.percent(spans.ownSeconds / all)) in these spans themselves"),
          ],
          gain: gain.map {
            Gain(
              expected: $0.expected,
              range: min(atLeast, $0.range.lowerBound)...$0.range.upperBound)
          })
        if finding.cost > worst?.cost ?? 0 { worst = finding }
      }
      if let worst { findings.append(worst) }
    }
    return findings
  }

  static func writes(_ name: String) -> Bool {
    ["POST", "PUT", "PATCH", "DELETE"].contains { name.hasPrefix($0) }
  }

  /// Requests that are under way together, and whose calls never are: something lets in one at a
  /// time.
  static func serialised(_ facts: Facts) -> [Finding] {
    let all = facts.readings.traces.seconds
    guard all > 0 else { return [] }
    var findings: [Finding] = []
    for (name, root) in facts.readings.traces.roots where root.requests >= 20 {
      let together = overlap(root.times)
      guard together >= 0.3 else { continue }
      // The part that takes most time itself, and does so alone.
      guard
        let longest = root.parts.max(by: { longestTime($0.value) < longestTime($1.value) }),
        let within = innermost(root, longest.key)
      else { continue }
      let alone = overlap(within.times)
      let unexplained = root.seconds - within.seconds
      let busy = within.seconds / span(root.times)
      guard alone <= 0.02, within.calls >= 20, unexplained >= 0.2 * root.seconds, busy >= 0.3,
        unexplained / Double(root.requests) >= 0.005
      else { continue }
      // What one request at a time uses for 30% is the service's limit at three times its load, even
      // where few wait today.
      findings.append(
        Finding(
          kind: .serialised, subject: name, cost: min(0.95, max(0.3 * busy, unexplained / all)),
          evidence: [
            .init(
              figure: "\(Text.percent(together)) of the requests overlap with another one, "
                + "\(Text.percent(alone)) of their spans '\(within.name)' do",
              threshold: "30%, 2%", why: "only one request at a time gets as far as that"),
            .init(
              figure: "\(Text.percent(busy)) utilisation of what they exclude each other from",
              threshold: "30%",
              why: "the time of these spans ÷ the time observed (utilisation law)"),
            .init(
              figure: "\(Text.percent(unexplained / root.seconds)) of their time lies outside, "
                + "\(Text.seconds(unexplained / Double(root.requests))) each",
              threshold: "20%, 5 ms", why: "is waiting"),
          ], gain: facts.gain(removing: min(0.95, unexplained / all))))
    }
    return findings
  }

  private static func longestTime(_ part: PartSpans) -> Double { part.ownSeconds }

  /// Of the parts without parts of their own, the longest.
  private static func innermost(
    _ root: RootSpans, _ first: String
  ) -> (name: String, times: [ClosedRange<Double>], seconds: Double, calls: Int)? {
    let leaves = root.parts.filter { $0.value.ownSeconds >= 0.95 * $0.value.seconds }
    guard let (name, part) = leaves.max(by: { $0.value.seconds < $1.value.seconds }) else {
      return nil
    }
    return (name, part.times, part.seconds, part.calls)
  }

  private static func span(_ times: [ClosedRange<Double>]) -> Double {
    let first = times.map(\.lowerBound).min() ?? 0
    return max(1e-9, (times.map(\.upperBound).max() ?? 0) - first)
  }

  /// The share of the intervals that begin while an earlier one goes on.
  static func overlap(_ times: [ClosedRange<Double>]) -> Double {
    guard times.count > 1 else { return 0 }
    var (end, count) = (-Double.infinity, 0)
    for time in times.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if time.lowerBound < end { count += 1 }
      end = max(end, time.upperBound)
    }
    return Double(count) / Double(times.count - 1)
  }
}
