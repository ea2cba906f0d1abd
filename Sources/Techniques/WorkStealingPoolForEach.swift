extension WorkStealingPool.Worker {
  /// Calls `body` for pieces of `range` of at most `grain` elements, in parallel where workers are
  /// idle. Every element is in exactly one piece; the pieces' order is not determined.
  ///
  /// The range is halved by `join`, so `grain` need only be large enough to be worth a call.
  /// - Throws: what one of the calls throws, of several the one furthest left. The others run all
  ///   the same.
  @inlinable
  public func forEach<Failure: Error>(
    in range: Range<Int>, grain: Int = 1,
    _ body: @Sendable (Range<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(grain >= 1, "a piece has at least one element")
    if range.isEmpty { return }
    try split(range, grain, body)
  }

  @inlinable
  func split<Failure: Error>(
    _ range: Range<Int>, _ grain: Int, _ body: @Sendable (Range<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    if range.count <= grain { return try body(range) }
    let middle = range.lowerBound + range.count / 2
    _ = try join(
      { (worker: borrowing Self) throws(Failure) in
        try worker.split(range.lowerBound..<middle, grain, body)
      },
      { (worker: borrowing Self) throws(Failure) in
        try worker.split(middle..<range.upperBound, grain, body)
      })
  }
}
