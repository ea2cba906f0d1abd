/// What a variant is that the candidates are measured against beside their baseline.
public enum YardstickKind: String, Sendable, Codable, CaseIterable {
  /// Another library's code for the same task.
  case peer
  /// What the task needs at least of the machine: to copy as many bytes, to do as many
  /// multiply-adds. It does less than the task, so no candidate can be faster.
  case limit
}

/// A variant that the candidates are measured against, in the same blocks.
public struct Yardstick: Equatable, Sendable, Codable {
  /// Its name.
  public var variant: String
  /// What it is.
  public var kind: YardstickKind
  /// The library and the compiler, as a peer's library names them; nil where nothing was opened.
  public var version: String?

  /// A variant by its name.
  public init(variant: String, kind: YardstickKind, version: String? = nil) {
    self.variant = variant
    self.kind = kind
    self.version = version
  }
}

/// How a candidate compares with one yardstick at one point.
public struct YardstickRatio: Equatable, Sendable, Codable {
  /// The yardstick's name.
  public var yardstick: String
  /// Above 1 the candidate is better: yardstick ÷ candidate where less is better, candidate ÷
  /// yardstick where more is. Of the samples of the same blocks, as a speedup is.
  public var ratio: Interval

  /// A ratio with the name of what the candidate is compared with.
  public init(yardstick: String, ratio: Interval) {
    self.yardstick = yardstick
    self.ratio = ratio
  }
}

extension ExperimentResult {
  /// What kind of yardstick a variant is; nil where it is none, and in older results.
  public func yardstick(_ variant: String) -> YardstickKind? {
    account.yardsticks?.first { $0.variant == variant }?.kind
  }

  /// A candidate against the yardstick of a kind that matters at its point: of several peers the
  /// fastest, of several limits the one that it comes nearest to. Nil where none was measured.
  public func ratio(of candidate: CandidateResult, to kind: YardstickKind) -> YardstickRatio? {
    let all = (candidate.yardsticks ?? []).filter { yardstick($0.yardstick) == kind }
    return switch kind {
    case .peer: all.min { $0.ratio.estimate < $1.ratio.estimate }
    case .limit: all.max { $0.ratio.estimate < $1.ratio.estimate }
    }
  }
}
