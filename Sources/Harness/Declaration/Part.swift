import Results

/// A function of the baseline that the candidate replaces, for a prediction by Amdahl's law: its
/// share of the baseline's time is read off a profile, and its gain is measured by itself, both
/// before the experiment is measured.
public struct Part: Sendable {
  /// As a sentence has it: `parsing`.
  public let name: String
  /// The function's name in the baseline, which must not be inlined.
  public let function: String
  let before: Variant
  let after: Variant

  /// - Parameters:
  ///   - before: the function alone, on the inputs that the baseline gives it.
  ///   - after: what the candidate does instead, with the same result.
  public init(_ name: String, function: String, before: Variant, after: Variant) {
    self.name = name
    self.function = function
    self.before = before
    self.after = after
  }
}

/// What is known of an experiment's parts at a point before it is measured.
public struct PartShares: Hashable, Sendable {
  /// One of the parts.
  public struct Share: Hashable, Sendable {
    /// As a sentence has it.
    public var name: String
    /// Of the baseline's time, from 0 to 1.
    public var share: Double
    /// How many times faster it is by itself.
    public var gain: Double

    /// A part's share and its gain.
    public init(name: String, share: Double, gain: Double) {
      self.name = name
      self.share = share
      self.gain = gain
    }
  }

  /// Stacks behind the shares.
  public var samples: Int
  /// In the order of their declaration; they do not overlap.
  public var parts: [Share]

  /// Shares that rest on this many stacks.
  public init(samples: Int, parts: [Share]) {
    self.samples = samples
    self.parts = parts
  }

  /// The speedup of the whole. Source: Amdahl, *Validity of the single processor approach to
  /// achieving large scale computing capabilities*, AFIPS 1967, for several parts.
  public var amdahl: Double {
    let rest = 1 - parts.reduce(0) { $0 + $1.share }
    return 1 / (rest + parts.reduce(0) { $0 + $1.share / $1.gain })
  }
}

extension Question {
  /// The prediction by Amdahl's law; nil where no profile was taken.
  public func amdahl() -> Prediction? {
    guard let parts else { return nil }
    let rest = 1 - parts.parts.reduce(0) { $0 + $1.share }
    let each = parts.parts.map {
      "\($0.name) takes \(($0.share * 100).brief)% of the baseline and is \($0.gain.brief) times "
        + "faster by itself"
    }
    let law = parts.parts.map { "\($0.share.brief) ÷ \($0.gain.brief)" } + [rest.brief]
    return Prediction(
      speedup: parts.amdahl,
      because: """
        Amdahl's law on a profile of the baseline taken before the measurement \
        (\(parts.samples) stacks): \(each.joined(separator: ", ")); the rest is unchanged: \
        1 ÷ (\(law.joined(separator: " + "))).
        """)
  }
}
