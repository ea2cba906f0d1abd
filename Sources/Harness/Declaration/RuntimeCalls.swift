import CPerflab
import Results

/// What a thread asked of Swift's runtime: the signal of an experiment whose subject is objects.
public struct RuntimeCalls: Equatable, Sendable {
  /// Objects allocated, buffers of arrays among them; blocks that no object holds are not.
  public var allocations: Int
  /// References counted up, whether by one call or several.
  public var retains: Int
  /// References counted down, whether by one call or several.
  public var releases: Int

  /// Counts while `body` runs, in a copy of this process: what `body` changes is not seen here. It
  /// runs on the calling thread, may not wait for others, and has no strings to do with. Nil where
  /// the runtime has no hooks, or the copy ended otherwise.
  public static func counted(during body: () -> Void) -> RuntimeCalls? {
    withoutActuallyEscaping(body) { body in
      var code = body
      var calls = perflab_runtime_calls()
      // SAFETY: the context is the closure, which is there until the function has returned.
      let result = withUnsafeMutablePointer(to: &code) { code in
        perflab_count_runtime_calls(
          { $0!.assumingMemoryBound(to: (() -> Void).self).pointee() }, code, &calls)
      }
      guard result == 0 else { return nil }
      return RuntimeCalls(
        allocations: Int(calls.allocations), retains: Int(calls.retains),
        releases: Int(calls.releases))
    }
  }

  /// As counters by name, `retains per element`, each over the number of operations.
  func counters(per operation: String, of operations: Int) -> [String: Counter] {
    let counts = [("allocations", allocations), ("retains", retains), ("releases", releases)]
    return Dictionary(
      uniqueKeysWithValues: counts.map { name, count in
        ("\(name) per \(operation)", Counter(Double(count) / Double(operations), unit: .count))
      })
  }
}

extension Variant {
  /// A variant that reports `allocations per call` or whatever the operation is, and retains and
  /// releases likewise, counted once in a call of the kernel that is not timed. Nothing is
  /// reported where the runtime has no hooks.
  /// - Parameters:
  ///   - operation: in the singular, as the names of the reports end: `element`.
  ///   - operations: how many of them one call of the kernel does.
  public static func countingRuntimeCalls<
    Input, Answer: ChecksumConvertible & SendableMetatype
  >(
    _ name: String, shows: [String], per operation: String, of operations: Int,
    prepare: @escaping @Sendable (Point) throws -> Input,
    run: @escaping @Sendable (Input) -> Answer
  ) -> Variant {
    let kernel: @Sendable (Input) -> Checksum = { run($0).checksum }
    return Variant(
      name, shows: shows, prepare: { point in Counted(try prepare(point)) },
      report: { $0.calls(kernel)?.counters(per: operation, of: operations) ?? [:] },
      run: { kernel($0.input) })
  }
}

/// A kernel's input, and what a call of the kernel asked of the runtime, once that was counted.
private final class Counted<Input> {
  let input: Input
  private var known: RuntimeCalls?
  private var isCounted = false

  init(_ input: Input) { self.input = input }

  func calls(_ kernel: (Input) -> Checksum) -> RuntimeCalls? {
    if !isCounted { known = RuntimeCalls.counted { _ = kernel(input) } }
    isCounted = true
    return known
  }
}
