/// Where one variant's time went: the stacks of its threads, taken at even distances of processor
/// time while its kernel was called over and over.
public struct Profile: Equatable, Sendable, Codable {
  /// A stack that was met, as often as it was met.
  public struct Stack: Equatable, Sendable, Codable {
    /// Names of functions, the outermost first. What calls the kernel is left away; a function
    /// that calls itself stands once.
    public var frames: [String]
    /// How often.
    public var count: Int

    /// Functions from the outermost in, and how often they were met.
    public init(frames: [String], count: Int) {
      self.frames = frames
      self.count = count
    }
  }

  /// The variant's name.
  public var variant: String
  /// Where on the sweep.
  public var parameter: Parameter
  /// What the stacks were taken by: `perf_event`.
  public var clock: String
  /// Nanoseconds of processor time between two stacks of a thread, as it was asked for.
  public var period: Double
  /// Stacks for which there was no room.
  public var lost: Int
  /// Of the kernel.
  public var calls: Int
  /// Of wall time.
  public var seconds: Double
  /// By their frames.
  public var stacks: [Stack]

  /// A profile; stacks are put into order.
  public init(
    variant: String, parameter: Parameter, clock: String, period: Double, lost: Int, calls: Int,
    seconds: Double, stacks: [Stack]
  ) {
    self.variant = variant
    self.parameter = parameter
    self.clock = clock
    self.period = period
    self.lost = lost
    self.calls = calls
    self.seconds = seconds
    self.stacks = stacks.sorted { $0.frames.lexicographicallyPrecedes($1.frames) }
  }

  /// Stacks in all.
  public var samples: Int { stacks.reduce(0) { $0 + $1.count } }

  /// Share of the stacks that `function` is on, and of those that it ends: its time with what it
  /// calls, and its own. Zero without stacks.
  public func share(of function: String) -> (total: Double, own: Double) {
    let all = Double(max(samples, 1))
    var total = 0
    var own = 0
    for stack in stacks {
      if stack.frames.contains(where: { Self.names($0, function) }) { total += stack.count }
      if let last = stack.frames.last, Self.names(last, function) { own += stack.count }
    }
    return (Double(total) / all, Double(own) / all)
  }

  /// Whether a frame is this function: by its whole name, or by the end of its path.
  private static func names(_ frame: String, _ function: String) -> Bool {
    frame == function || frame.hasSuffix("." + function)
  }
}

/// The profiles of an experiment's variants, as they are stored.
public struct ProfileSet: Equatable, Sendable, Codable {
  /// Raised when a field changes its meaning or goes.
  public static let currentSchema = 1

  /// Of the file that it was read from, or the current one.
  public var schema: Int
  /// Of the experiment: `cpu/hot-path`.
  public var id: String
  /// One of a variant, the latest.
  public var profiles: [Profile]

  /// Of the current schema.
  public init(id: String, profiles: [Profile] = []) {
    schema = Self.currentSchema
    self.id = id
    self.profiles = profiles
  }

  /// Puts a profile in the place of the variant's earlier one.
  public mutating func keep(_ profile: Profile) {
    if let index = profiles.firstIndex(where: { $0.variant == profile.variant }) {
      profiles[index] = profile
    } else {
      profiles.append(profile)
    }
  }
}
