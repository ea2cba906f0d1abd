import Results

extension OldQuestion {
  /// A measured curve at `x`: straight between its points, beyond its ends as there. Nanoseconds.
  public func curve(_ curve: MachineCurve, at x: Double) throws(MissingNumber) -> Double {
    guard let y = interpolated(points(of: curve), at: x) else {
      throw MissingNumber(name: "\(curve.rawValue).\(curve.first)")
    }
    return y
  }

  /// Latency of a load that depends on the one before, at the next place of a random cycle through
  /// `workingSet` bytes that is gone round again and again.
  public func chaseLatency(in workingSet: Double) throws(MissingNumber) -> Double {
    try curve(.staircase, at: workingSet)
  }

  /// Time of a line at a random place in `workingSet` bytes, out of many asked for without waiting.
  /// What is in the first level costs nothing beside the work.
  public func randomLine(in workingSet: Double) throws(MissingNumber) -> Double {
    home(of: workingSet) == .l1 ? 0 : try curve(.scatter, at: workingSet)
  }

  /// The same of places that a list names. In the caches the curve shows mostly how long its probe
  /// takes to make the places: there a line costs what latency, parallelism and bandwidth give.
  public func listedLine(in workingSet: Double) throws(MissingNumber) -> Double {
    let level = home(of: workingSet)
    return level == .memory
      ? try randomLine(in: workingSet) : try overlappedLine(from: level)
  }

  /// Time of a word when words `stride` bytes apart are read in order out of `workingSet` bytes:
  /// off the memory mountain, until memory has the answer by itself, of whose bandwidth words up to
  /// a line apart use all. Strides of 8 to 256 bytes, powers of two.
  public func stridedWord(
    _ stride: Int, in workingSet: Double
  ) throws(MissingNumber) -> Double {
    if stride <= 64, isFarBeyondCaches(workingSet) {
      return Double(stride) / (try readBandwidth(of: .memory))
    }
    // Where part of the words comes from one level and part from another, it is times that add up.
    let slope = points(prefix: "mountain.", suffix: ".\(stride)").map { ($0.x, 8e9 / $0.y) }
    guard let time = interpolated(slope, at: workingSet) else {
      throw MissingNumber(name: "mountain.16384.\(stride)")
    }
    return time
  }

  /// Bytes in a nanosecond of `read`, `write` or `copy` over `workingSet` bytes again and again:
  /// the part of them that was seen to come from memory at memory's pace, the others at the
  /// cache's.
  public func bandwidth(
    _ operation: String, in workingSet: Double
  ) throws(MissingNumber) -> Double {
    let level = home(of: min(workingSet, Double(capacity(of: .l3) ?? 0)))
    let near = try number("bandwidth.\(operation).\(level.rawValue)") / 1e9
    let far = try number("bandwidth.\(operation).memory") / 1e9
    let share = try shareOfMemory(in: workingSet)
    return 1 / ((1 - share) / near + share / far)
  }

  /// Of the lines of `workingSet` bytes that are gone over in order again and again, those that
  /// come from memory: where the time of a line lies between the third level's and memory's.
  public func shareOfMemory(in workingSet: Double) throws(MissingNumber) -> Double {
    guard let nearest = capacity(of: .l2), workingSet > Double(nearest) else { return 0 }
    let near = 64 / (try readBandwidth(of: .l3))
    let far = 64 / (try readBandwidth(of: .memory))
    guard far > near else { return 1 }
    return min(1, max(0, (try curve(.stream, at: workingSet) - near) / (far - near)))
  }

  /// Of a working set that the second level would just hold and that is gone over again and again,
  /// what it does not: pages lie where the system puts them, so that some of its sets have too many
  /// lines. This follows from the latency of a random cycle through as much.
  public func shareBeyondL2(of workingSet: Double) throws(MissingNumber) -> Double {
    guard home(of: workingSet) == .l2, capacity(of: .l3) != nil else { return 0 }
    let (near, far) = (try latency(of: .l2), try latency(of: .l3))
    guard far > near else { return 0 }
    return min(1, max(0, (try chaseLatency(in: workingSet) - near) / (far - near)))
  }

  /// Time in which `bytes` are moved by `read`, `write` or `copy`, as `bandwidth` has it, of a
  /// working set of which the second level may hold a part and the third the rest.
  public func moving(
    _ bytes: Double, by operation: String, in workingSet: Double
  ) throws(MissingNumber) -> Double {
    let near = bytes / (try bandwidth(operation, in: workingSet))
    let beyond = try shareBeyondL2(of: workingSet)
    guard beyond > 0 else { return near }
    let far = bytes / (try number("bandwidth.\(operation).l3")) * 1e9
    return (1 - beyond) * near + beyond * far
  }

  func points(of curve: MachineCurve) -> [(x: Double, y: Double)] {
    points(prefix: curve.rawValue + ".", suffix: "")
  }

  private func points(prefix: String, suffix: String) -> [(x: Double, y: Double)] {
    let points = machine.numbers.compactMap { name, number -> (x: Double, y: Double)? in
      guard name.hasPrefix(prefix), name.hasSuffix(suffix),
        let x = Int(name.dropFirst(prefix.count).dropLast(suffix.count))
      else { return nil }
      return (Double(x), number.quantity.estimate)
    }
    return points.sorted { $0.x < $1.x }
  }

  private func interpolated(_ points: [(x: Double, y: Double)], at x: Double) -> Double? {
    guard let first = points.first, let last = points.last else { return nil }
    guard let above = points.firstIndex(where: { $0.x >= x }) else { return last.y }
    guard above > 0 else { return first.y }
    let (low, high) = (points[above - 1], points[above])
    return low.y + (x - low.x) / (high.x - low.x) * (high.y - low.y)
  }
}
