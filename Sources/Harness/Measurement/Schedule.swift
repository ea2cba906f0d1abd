import Statistics

/// The order in which instances are timed.
public enum Schedule {
  /// One block: every instance once in random order, then in the mirrored order, so that a slow
  /// drift of the machine affects all of them equally.
  /// - Parameter isMirrored: false for the random order alone.
  public static func block(
    instances: Int, isMirrored: Bool = true, using generator: inout SeededGenerator
  ) -> [Int] {
    block([Array(0..<instances)], isMirrored: isMirrored, using: &generator)
  }

  /// The same for instances that live in several processes, given by process: each process times all
  /// of its own in one turn, and those at the same place follow each other in the same order in each.
  static func block(
    _ processes: [[Int]], isMirrored: Bool = true, using generator: inout SeededGenerator
  ) -> [Int] {
    let places = Array(0..<(processes.map(\.count).max() ?? 0)).shuffled(using: &generator)
    let order = processes.shuffled(using: &generator).flatMap { own in
      places.filter { $0 < own.count }.map { own[$0] }
    }
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
