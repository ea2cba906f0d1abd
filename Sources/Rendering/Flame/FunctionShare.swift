import Results

/// A function's part of a profile.
struct FunctionShare: Equatable {
  var name: String
  /// Share of the stacks that it is on: its time with what it calls.
  var total: Double
  /// Share of those that it ends: its own time.
  var own: Double
}

extension Profile {
  /// All functions, those with the most time first.
  var functions: [FunctionShare] {
    var counts: [String: (total: Int, own: Int)] = [:]
    for stack in stacks {
      // A function that is on a stack twice is on one stack.
      for name in Set(stack.frames) { counts[name, default: (0, 0)].total += stack.count }
      if let last = stack.frames.last { counts[last]?.own += stack.count }
    }
    let all = Double(max(samples, 1))
    return counts.map { name, count in
      FunctionShare(name: name, total: Double(count.total) / all, own: Double(count.own) / all)
    }.sorted { ($1.total, $0.name) < ($0.total, $1.name) }
  }
}
