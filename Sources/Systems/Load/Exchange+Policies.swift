import Platform

extension Exchange {
  /// Serves a policy that asks for all requests itself (`ask`, `wake`) until none is open and no
  /// timer is left: for users who think.
  /// - Parameters:
  ///   - seconds: after which the policy should ask for none.
  ///   - grace: nanoseconds after that; what is not finished then has failed.
  ///   - first: is called when the load begins.
  /// - Throws: `LoadError`.
  public func play(
    seconds: Double, by policy: any LoadPolicy, grace: UInt64 = 1_000_000_000,
    first: () throws(LoadError) -> Void
  ) throws(LoadError) -> LoadResult {
    try run(
      Arrivals(recorded: [], duration: UInt64(seconds * 1e9)), by: policy, grace: grace,
      first: first)
  }

  /// Sends a request on a free connection; opens one again that was lost where none is free.
  /// - Returns: false where the server refuses the connection or is gone.
  /// - Throws: `noFreeConnection` where all connections wait for responses.
  public func sendReconnecting(
    _ request: Int, to group: Int = 0, tag: Int = 0
  ) throws(LoadError) -> Bool {
    if free[group].isEmpty {
      let lost = connections.firstIndex { $0.attempt.group == group && $0.socket == nil }
      if let lost {
        do throws(LoadError) { try connect(lost) } catch { return false }
        reconnections += 1
      }
    }
    try send(request, to: group, tag: tag)
    return true
  }
}

extension Answer {
  /// The digest of the bytes of a response, as the protocols of this module compute it.
  public static func digest(ofBytes bytes: UnsafeRawBufferPointer) -> UInt64 {
    Systems.digest(of: bytes)
  }
}
