import Results

extension PointAnalysis {
  /// A candidate against each yardstick among the measured variants, sample by sample as against
  /// the baseline; nil for what is no candidate, or where there is no yardstick.
  /// - Parameter position: of the candidate among the variants, of which the first is the baseline.
  func yardstickRatios(of position: Int, among variants: [Variant]) -> [YardstickRatio]? {
    guard position > 0, !variants[position].isReference else { return nil }
    let ratios = variants.indices.compactMap { other -> YardstickRatio? in
      // The baseline is instances 0 and 1.
      guard variants[other].yardstick != nil,
        let found = comparison(of: position + 1, to: [other + 1])
      else { return nil }
      return YardstickRatio(
        yardstick: variants[other].name, ratio: Interval(found.interval.ratio))
    }
    return ratios.isEmpty ? nil : ratios
  }
}

extension Experiment {
  /// Paths of the peers' libraries that it calls, of those that are there, sorted.
  /// - Parameter launch: of the workers that call them.
  public func peerFiles(_ launch: WorkerLaunch) -> [String] {
    let libraries = variants.flatMap(\.needs).compactMap { need in
      if case .peer(let peer) = need { peer.library } else { nil }
    }
    return Set(libraries).compactMap { PeerFolder.path(of: $0, in: launch.environment) }.sorted()
  }

  /// Its yardsticks with what the peers' libraries say of themselves, for those that are there.
  func yardsticks(_ facilities: Facilities, _ declared: [Yardstick]?) -> [Yardstick]? {
    declared?.map { yardstick in
      var known = yardstick
      let needs = variants.first { $0.name == yardstick.variant }?.needs ?? []
      for case .peer(let peer) in needs {
        if case .success(let version) = facilities.peer(peer) { known.version = version.text }
      }
      return known
    }
  }
}
