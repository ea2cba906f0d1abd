import Statistics

/// The order in which instances are timed.
public enum Schedule {
  /// One block: every instance once in random order, then in the mirrored order, so that a slow
  /// drift of the machine affects all of them equally.
  /// - Parameter isMirrored: false for the random order alone.
  public static func block(
    instances: Int, isMirrored: Bool = true, using generator: inout SeededGenerator
  ) -> [Int] {
    let order = Array(0..<instances).shuffled(using: &generator)
    return isMirrored ? order + order.reversed() : order
  }

  /// Cuts an order into runs whose instances live in the same worker.
  static func runs(of order: [Int], workerOf: [Int]) -> [(worker: Int, order: [Int])] {
    var runs: [(worker: Int, order: [Int])] = []
    for instance in order {
      if runs.last?.worker == workerOf[instance] {
        runs[runs.count - 1].order.append(instance)
      } else {
        runs.append((workerOf[instance], [instance]))
      }
    }
    return runs
  }
}
