/// A system as a value: sources of requests, and the tiers, caches and stores that their routes
/// mention.
///
///     let database = Tier("database", servers: 2, service: .exponential(mean: .milliseconds(8)))
///     let items = Cache("items", slots: 10_000).missing(database)
///     let web = Tier("web", replicas: 4, servers: 8, service: .exponential(mean: .milliseconds(5)))
///     let shop = System {
///       Source("users", .poisson(perSecond: 400), keys: .zipf(100_000, exponent: 0.8),
///              to: web.calling(items).timeout(after: .seconds(1)))
///     }
///     let outcome = shop.run(seed: 1, for: .seconds(600), warmUp: .seconds(60))
///     print(outcome["users"].response.percentile(99), shop.diagram)
public struct System: Sendable {
  let sources: [Source]

  /// A system of sources, each with a name of its own.
  public init(@SourcesBuilder _ sources: () -> [Source]) {
    self.sources = sources()
    precondition(
      Set(self.sources.map(\.name)).count == self.sources.count, "two sources have one name")
  }

  /// Simulates it. The same seed gives the same run, event by event.
  ///
  /// Each part draws from streams of random numbers of its own, by its name: two systems with one
  /// seed send the same requests at the same times, and the n-th request of a tier has the same
  /// service time in both.
  /// - Parameters:
  ///   - time: how long sources send requests.
  ///   - warmUp: requests that begin earlier are not counted.
  ///   - drains: whether the requests under way at the end are followed to theirs. Otherwise they
  ///     are `unfinished`.
  ///   - interval: of `SourceOutcome.series`; nil for none.
  public func run(
    seed: UInt64, for time: Duration, warmUp: Duration = .zero, drains: Bool = false,
    every interval: Duration? = nil
  ) -> SystemOutcome {
    precondition(warmUp < time, "nothing is left after the warm-up")
    let compiler = Compiler(self, seed: seed)
    let names = (
      sources: sources.map(\.name), tiers: compiler.declared, caches: compiler.cacheNames,
      stores: compiler.storeNames
    )
    let setup = Setup(
      compiler, for: time.inSeconds, warmUp: warmUp.inSeconds, drains: drains,
      interval: interval?.inSeconds ?? 0)
    var engine = Engine(setup)
    engine.run()
    return SystemOutcome(engine, names.sources, names.tiers, names.caches, names.stores)
  }
}

/// Sources one below the other, with conditions between them.
@resultBuilder
public enum SourcesBuilder {
  /// One source.
  public static func buildExpression(_ source: Source) -> [Source] { [source] }
  /// One below the other.
  public static func buildBlock(_ parts: [Source]...) -> [Source] { parts.flatMap { $0 } }
  /// Under a condition.
  public static func buildOptional(_ part: [Source]?) -> [Source] { part ?? [] }
  /// One or the other.
  public static func buildEither(first: [Source]) -> [Source] { first }
  /// One or the other.
  public static func buildEither(second: [Source]) -> [Source] { second }
  /// By a loop.
  public static func buildArray(_ parts: [[Source]]) -> [Source] { parts.flatMap { $0 } }
}
