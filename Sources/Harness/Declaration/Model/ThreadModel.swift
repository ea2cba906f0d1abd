import Results

/// Models of more than two threads, from numbers that were measured with one thread, two, and all.
extension Question {
  /// Time in which a core takes a line from another core's cache (`cacheLineTransfer`), as the mean
  /// over the pairs of so many threads that were measured: cores that share a cache are nearer to
  /// each other than others, and a team fills them first.
  public func cacheLineTransfer(among threads: Int) throws(MissingNumber) -> Time {
    let pairs = threads <= 2 ? [] : transfers(among: threads)
    guard !pairs.isEmpty else { return try cacheLineTransfer() }
    func mean(_ end: KeyPath<Interval, Double>) -> Double {
      pairs.reduce(0) { $0 + $1[keyPath: end] } / Double(pairs.count)
    }
    return Time.input(
      "line.transfer, mean among \(threads) threads", mean(\.estimate), low: mean(\.low),
      high: mean(\.high), source: TermSource.machine) / 2
  }

  /// One of the machine's numbers that is of two threads which contend for a line, for more of them:
  /// one has the line at a time, so that all together are as fast as the two but for the distance
  /// that it travels.
  public func contended(_ name: String, by threads: Int) throws(MissingNumber) -> Time {
    let two = try time(name)
    guard threads > 2 else { return two }
    return try cacheLineTransfer(among: threads) / cacheLineTransfer() * two
  }

  /// Time in which a job is passed to a team of so many threads and all have ended it. The number is
  /// of two; each further thread fetches the line of the job, and that of the count of those which
  /// still run, and threads can only have a line one after the other.
  public func forkAndJoin(of threads: Int) throws(MissingNumber) -> Time {
    guard threads > 1 else { return .zero }
    let two = try time("team.round")
    guard threads > 2 else { return two }
    return two + 2 * Double(threads - 2) * (try cacheLineTransfer(among: threads))
  }

  /// Bytes in a nanosecond that so many threads move together, each in memory of its own: as many
  /// times one core's as there are threads, at most what all cores together were seen to move.
  ///
  /// - Parameter operation: `read`, `write`, `copy` or `triad`.
  public func bandwidth(
    _ operation: String, of level: MemoryLevel, sharedBy threads: Int
  ) throws(MissingNumber) -> Bandwidth {
    let name = "bandwidth.\(operation).\(level.rawValue)"
    let own = Double(threads) * (try bandwidth(name))
    return threads == 1 ? own : shortest(own, try bandwidth("\(name).all"))
  }

  private func transfers(among threads: Int) -> [Interval] {
    let prefix = "line.transfer.matrix."
    return machine.numbers.compactMap { name, number -> (place: [Int], time: Interval)? in
      guard name.hasPrefix(prefix) else { return nil }
      let place = name.dropFirst(prefix.count).split(separator: ".").compactMap { Int($0) }
      guard place.count == 2, place.allSatisfy({ $0 < threads }) else { return nil }
      return (place, number.quantity.interval)
    }
    // In one order, so that the mean is the same to the last bit.
    .sorted { $0.place.lexicographicallyPrecedes($1.place) }.map(\.time)
  }
}
