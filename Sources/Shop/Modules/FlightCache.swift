import Platform

/// Values that are kept for a time and computed when they are asked for. Of several who miss the
/// same key, one computes and the others wait for it (single flight).
///
/// The least recently used value is evicted where there is no room.
final class FlightCache<Value: Sendable>: Sendable {
  private struct State {
    var kept: RecentlyUsed<(value: Value, until: UInt64)>
    var underWay: Set<Int> = []
    /// Computations under way, and the most at once.
    var computing = (now: 0, most: 0)
    var random: UInt64 = 0x9E37_79B9_7F4A_7C15
  }

  private let state: Monitor<State>
  private let lifetime: UInt64
  private let spread: Double
  private let isSingleFlight: Bool

  /// - Parameters:
  ///   - capacity: values that are kept.
  ///   - lifetime: nanoseconds; `UInt64.max` for ever.
  ///   - spread: values live up to this share shorter, at random, so that they don't expire together.
  init(capacity: Int, lifetime: UInt64, spread: Double, isSingleFlight: Bool = true) {
    state = Monitor(State(kept: RecentlyUsed(capacity: capacity)))
    self.lifetime = lifetime
    self.spread = spread
    self.isSingleFlight = isSingleFlight
  }

  /// The value of a key.
  /// - Parameter make: computes it; what it throws is thrown, and the next one who asks computes.
  func value(
    for key: Int, _ scope: RequestScope, _ make: () throws -> Value
  ) throws -> Value {
    if let value = take(key) {
      scope.count(.cacheHits)
      return value
    }
    scope.count(.cacheMisses)
    guard isSingleFlight else { return try compute(key, scope, make) }
    let found: Value?? = state.wait { state in
      if let kept = state.kept[key], kept.until > Clock.now() { return .some(kept.value) }
      return state.underWay.insert(key).inserted ? .some(nil) : nil
    }
    if let value = found ?? nil { return value }
    defer { state.change { _ = $0.underWay.remove(key) } }
    return try compute(key, scope, make)
  }

  /// As if the lifetime of all values were over.
  func expire() { state.with { $0.kept.removeAll() } }

  /// As if a job had computed all values anew at this moment. Counts the most computations at once
  /// from here on.
  func renew() {
    state.with { state in
      state.computing.most = state.computing.now
      let now = Clock.now()
      var random = state.random
      state.kept.update { ($0.value, until(now, &random)) }
      state.random = random
    }
  }

  /// The most computations that were under way at once.
  var mostComputed: Int { state.with(\.computing.most) }

  private func take(_ key: Int) -> Value? {
    state.with { state in
      guard let kept = state.kept[key] else { return nil }
      return lifetime == .max || kept.until > Clock.now() ? kept.value : nil
    }
  }

  private func compute(
    _ key: Int, _ scope: RequestScope, _ make: () throws -> Value
  ) throws -> Value {
    scope.count(.computations)
    state.with { state in
      state.computing.now += 1
      state.computing.most = max(state.computing.most, state.computing.now)
    }
    defer { state.with { $0.computing.now -= 1 } }
    let value = try make()
    state.with { $0.kept.insert((value, until(Clock.now(), &$0.random)), for: key) }
    return value
  }

  /// The end of a life that begins now.
  private func until(_ now: UInt64, _ random: inout UInt64) -> UInt64 {
    guard lifetime != .max else { return .max }
    // xorshift: any spread will do.
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    let share = Double(random >> 11) / Double(1 << 53)
    return now + UInt64(Double(lifetime) * (1 - spread * share))
  }
}
