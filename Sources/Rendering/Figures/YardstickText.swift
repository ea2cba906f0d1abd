import Results

/// How a candidate compares with a peer or a limit, in words.
enum YardstickText {
  /// `0.95× (0.93–0.97) of oneTBB task_group`
  static func peer(_ peer: YardstickRatio) -> String {
    "\(Figures.ratio(peer.ratio)) of \(peer.yardstick)"
  }

  /// `82 % (80–84) of copying the bytes`
  static func limit(_ limit: YardstickRatio) -> String {
    "\(Figures.percent(limit.ratio)) of \(limit.yardstick)"
  }

  /// Where there is room for a few words: `0.95× of oneTBB task_group, 82 % of copying the bytes`;
  /// nil where nothing was measured.
  static func short(peer: YardstickRatio?, limit: YardstickRatio?) -> String? {
    let parts = [
      peer.map { "\(Figures.ratio($0.ratio.estimate)) of \($0.yardstick)" },
      limit.map { "\(Figures.percent($0.ratio.estimate)) of \($0.yardstick)" },
    ]
    let known = parts.compactMap(\.self)
    return known.isEmpty ? nil : known.joined(separator: ", ")
  }

  /// The headline's candidate; nil where it was compared with no yardstick.
  static func short(_ experiment: ExperimentResult) -> String? {
    experiment.headline.flatMap { headline in
      short(
        peer: experiment.ratio(of: headline.candidate, to: .peer),
        limit: experiment.ratio(of: headline.candidate, to: .limit))
    }
  }

  /// The same as sentences, with intervals.
  static func sentences(
    _ experiment: ExperimentResult, _ candidate: CandidateResult
  ) -> [String] {
    let quality = experiment.account.metric.isTime ? "fast" : "good"
    let peer = experiment.ratio(of: candidate, to: .peer).map { peer in
      "It is \(Figures.ratio(peer.ratio)) as \(quality) as the best peer, \(peer.yardstick)."
    }
    let limit = experiment.ratio(of: candidate, to: .limit).map { limit in
      "It reaches \(Figures.percent(limit.ratio)) of the limit, \(limit.yardstick)."
    }
    return [peer, limit].compactMap(\.self)
  }

  /// What the peers are: `oneTBB 2021.8 (g++ 12.2.0)`; empty where no library was opened.
  static func versions(_ experiment: ExperimentResult) -> String {
    var versions: [String] = []
    for case let version? in (experiment.account.yardsticks ?? []).map(\.version)
    where !versions.contains(version) {
      versions.append(version)
    }
    return versions.isEmpty ? "" : "Peers: \(versions.joined(separator: "; "))."
  }
}

extension ExperimentResult {
  /// Whether any candidate was compared with a yardstick of this kind.
  func isMeasured(against kind: YardstickKind) -> Bool {
    candidates.contains { ratio(of: $0.candidate, to: kind) != nil }
  }
}

extension Figures {
  /// A share with its interval, in whole percent: `82 % (80–84)`.
  static func percent(_ interval: Interval) -> String {
    let ends = [interval.low, interval.high].map { fixed($0 * 100, places: 0) }
    return "\(fixed(interval.estimate * 100, places: 0)) % (\(ends[0])–\(ends[1]))"
  }
}
