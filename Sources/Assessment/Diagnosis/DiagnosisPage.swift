/// A diagnosis as a page in Markdown.
public struct DiagnosisPage {
  private let diagnosis: Diagnosis

  /// Of a diagnosis.
  public init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

  /// The page.
  public var text: String {
    "# Diagnosis\n\n\(answer)" + findings + resources + processes + requests + unknowns + files
  }

  private var answer: String {
    guard let first = diagnosis.findings.first else {
      let limit = diagnosis.nextLimit.map {
        " When load grows, \($0.name) will be the first limit: "
          + "\(Text.percent($0.utilisation)) utilised now."
      }
      return "No bottleneck stands out in these data.\(limit ?? "")\n"
    }
    return "**\(first.subject): \(first.kind.rawValue)**. \(first.evidence[0].figure)"
      + " (threshold: \(first.evidence[0].threshold)). \(Self.gain(first))\n"
  }

  private static func gain(_ finding: Finding) -> String {
    guard let gain = finding.gain else {
      switch finding.kind {
      case .connections: return "What clients gain, the data of a server don't say."
      case .databaseConnections:
        return "What that gains, only traces with spans for connecting say."
      case .memoryGrowth, .failures, .retries, .poolLeak, .blockedWorkers, .unboundedQueue:
        return "Without it requests no longer fail or hang."
      case .jobsPileUp: return "How much sooner a job is done, these data don't say."
      case .processor, .otherPrograms, .memoryShortage, .disk, .network, .overload:
        return "What a response gains depends on how much of the load goes away."
      default: return "What a response gains, these data don't say; traces would."
      }
    }
    return
      "Without it a response at this load is expected to be \(Text.figure(gain.expected)) times as "
      + "fast (\(Text.figure(gain.range.lowerBound)) to \(Text.figure(gain.range.upperBound)))."
  }

  private var findings: String {
    guard !diagnosis.findings.isEmpty else { return "" }
    var text = "\n## Bottlenecks, by what they cost\n"
    for (index, finding) in diagnosis.findings.enumerated() {
      let cure = finding.cure
      text += "\n### \(index + 1). \(finding.subject): \(finding.kind.rawValue)\n\n"
      let cost = "\(Text.percent(finding.cost)) of the requests' time or of the requests"
      if finding.cost == 0 {
        text += "It stands last: as far as these data say, no request waits for it.\n\n"
      } else if finding.gain == nil {
        text += "Its place in the order is that of an assumed cost, \(cost).\n\n"
      } else {
        text += "Cost: about \(cost).\n\n"
      }
      text += Text.table(
        ["figure", "threshold", "why"], finding.evidence.map { [$0.figure, $0.threshold, $0.why] })
      text +=
        "\nCure: \(cure.measure). \(Self.gain(finding)) Effort: "
        + "\(Text.figure(cure.days.lowerBound)) to \(Text.figure(cure.days.upperBound)) days"
      if finding.cost > 0 {
        let back = 100 * finding.cost / (cure.days.lowerBound + cure.days.upperBound) * 2
        text += "; return: \(Text.figure(back)) points of that cost per day"
      }
      text += ".\n"
      text += "\nExperiments: \(cure.experiments.map { "`\($0)`" }.joined(separator: ", ")).\n"
    }
    return text + """

      Of the gain: at least the time goes away and no queue becomes shorter, at most nobody waits any \
      more before something is done; between them the queue is computed. Effort is an assumption.

      """
  }

  private var resources: String {
    guard !diagnosis.resources.isEmpty else { return "" }
    return "\n## Resources: utilisation, saturation, errors\n\n"
      + Text.table(
        ["resource", "utilisation", "saturation", "errors"],
        diagnosis.resources.map {
          [
            $0.name + ($0.isSaturated ? " (saturated)" : ""),
            $0.utilisation.map(Text.percent) ?? "–", $0.saturation ?? "–", $0.errors ?? "–",
          ]
        })
      + "\nSource: Gregg, *Thinking Methodically about Performance*, CACM 56(2), 2013.\n"
  }

  private var processes: String {
    let readings = diagnosis.readings
    let most = readings.processes
    guard !most.isEmpty else { return "" }
    return "\n## Processes\n\n"
      + Text.table(
        ["process", "processors used", "memory"],
        most.prefix(5).map { name, busy in
          [
            name, Text.figure(busy), readings.mean(.processMemory, name).map(Text.bytes) ?? "–",
          ]
        })
      + "\nThe busiest \(min(5, most.count)) of \(most.count).\n"
  }

  private var requests: String {
    let routes = diagnosis.readings.routes.values.sorted {
      ($0.seconds ?? 0, $0.requests, $0.route) > ($1.seconds ?? 0, $1.requests, $1.route)
    }
    guard !routes.isEmpty else { return "" }
    let all = routes.reduce(0) { $0 + ($1.seconds ?? 0) }
    return "\n## Requests\n\n"
      + Text.table(
        ["route", "requests", "share of time", "median", "p99", "bytes", "failed"],
        routes.prefix(15).map { log in
          [
            log.route, Text.grouped(Double(log.requests)),
            all > 0 ? Text.percent((log.seconds ?? 0) / all) : "–",
            log.quantile(0.5).map(Text.seconds) ?? "–",
            log.requests >= 1_000 ? log.quantile(0.99).map(Text.seconds) ?? "–" : "–",
            Text.bytes(Double(log.bytes) / Double(max(1, log.requests))),
            Text.percent(Double(log.failed) / Double(max(1, log.requests))),
          ]
        })
      + "\nA p99 needs 1,000 requests.\n"
  }

  private var unknowns: String {
    guard !diagnosis.unknowns.isEmpty else { return "" }
    return "\n## What these data don't say\n\n"
      + Text.table(
        ["not known", "what would tell"], diagnosis.unknowns.map { [$0.question, $0.measurement] })
  }

  private var files: String {
    "\n## Files\n\n"
      + Text.table(
        ["file", "read as", "records"],
        diagnosis.readings.files.map { [$0.path, $0.format, Text.grouped(Double($0.records))] })
      + (diagnosis.readings.assumed.isEmpty
        ? ""
        : "\nAssumed:\n\n" + diagnosis.readings.assumed.map { "- \($0)\n" }.joined())
      + (diagnosis.readings.unread.isEmpty
        ? ""
        : "\nNot read:\n\n" + diagnosis.readings.unread.map { "- \($0)\n" }.joined())
  }
}
