import CPerflab
import Platform
import Results

/// Counts what calls of a kernel ask of the runtime and of the system, call by call.
///
/// Objects and system calls are counted in a copy of the process, which has one thread: a kernel
/// with a team, or one that starts threads, has no such counts, and neither has one whose copy does
/// not come through (`RuntimeCalls`).
struct CountBench {
  private let kernel: PreparedKernel
  private let isParallel: Bool
  private let counters: Counters

  /// Calls that are counted, after as many that are not.
  private static let calls = 3

  /// - Throws: `Trouble` where the assignment's first instance can't be prepared.
  init(_ assignment: Assignment, catalog: [Experiment]) throws {
    guard let experiment = catalog.first(where: { $0.id == assignment.experiment }) else {
      throw Trouble.unknownExperiment(assignment.experiment)
    }
    guard let index = assignment.instances.first ?? nil,
      experiment.variants.indices.contains(index)
    else { throw Trouble.protocolMismatch("nothing to count") }
    let cpu = assignment.cpus.first ?? 0
    do { try Affinity.pin(to: cpu) } catch { throw Trouble.pinning(cpu: cpu, errno: error.errno) }
    counters = Counters([.instructions], scope: .inherited)
    counters.start()
    let teams = TeamSource(cpus: assignment.cpus)
    let variant = experiment.variants[index]
    do {
      kernel = try variant.prepare(
        Point(assignment.parameter, seed: assignment.seed, teams: teams))
    } catch { throw Trouble.preparation(variant: variant.name, message: "\(error)") }
    isParallel = teams.largestAsked > 1
  }

  func count() -> [CallCount] {
    for _ in 0..<Self.calls { _ = kernel.call() }
    var faults: [Double] = []
    var instructions: [Double] = []
    var missing = counters.unavailable.first.map { $0.reason }
    // The first reading touches pages of its own.
    for number in 0...Self.calls {
      let before = (ProcessAccounting.read(), counters.read())
      _ = kernel.call()
      let counted = counters.read() - before.1
      let used = ProcessAccounting.read() - before.0
      if number == 0 { continue }
      faults.append(Double(used.minorFaults + used.majorFaults))
      if missing == nil {
        switch counted[.instructions] {
        case .success(let value): instructions.append(value.count)
        case .failure(let reason): missing = "\(reason)"
        }
      }
    }
    return runtime() + [systemCalls()] + [
      CallCount(name: "page faults", values: faults),
      CallCount(
        name: "instructions", values: missing == nil ? instructions : [], unavailable: missing),
    ]
  }

  private static let parallel = "the kernel has several threads"
  private static let lost = "the copy of the process that is counted did not come to its end"

  private func runtime() -> [CallCount] {
    let found: [RuntimeCalls] =
      isParallel
      ? []
      : Self.untilOneIsLost { RuntimeCalls.counted { _ = kernel.call() } }
    let names: [(String, (RuntimeCalls) -> Int)] = [
      ("allocations", \.allocations), ("retains", \.retains), ("releases", \.releases),
    ]
    return names.map { name, value in
      CallCount(
        name: name, values: found.map { Double(value($0)) },
        unavailable: found.isEmpty ? (isParallel ? Self.parallel : Self.lost) : nil)
    }
  }

  /// Of each call that is counted; none where a copy is lost, since waiting for one takes seconds.
  private static func untilOneIsLost<Count>(_ count: () -> Count?) -> [Count] {
    var found: [Count] = []
    for _ in 0..<calls {
      guard let one = count() else { return [] }
      found.append(one)
    }
    return found
  }

  private func systemCalls() -> CallCount {
    let values = isParallel ? [] : Self.untilOneIsLost(systemCallsOfACall)
    return CallCount(
      name: "system calls", values: values,
      unavailable: values.isEmpty ? (isParallel ? Self.parallel : Self.lost) : nil)
  }

  private func systemCallsOfACall() -> Double? {
    let call = { _ = kernel.call() }
    return withoutActuallyEscaping(call) { body in
      var code = body
      var calls: UInt64 = 0
      // SAFETY: the context is the closure, which is there until the function has returned.
      let result = withUnsafeMutablePointer(to: &code) { code in
        perflab_count_system_calls(
          { $0!.assumingMemoryBound(to: (() -> Void).self).pointee() }, code, &calls)
      }
      return result == 0 ? Double(calls) : nil
    }
  }
}
