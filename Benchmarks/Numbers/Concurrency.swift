import CPerflab
import Harness
import Results

/// Swift concurrency: changing actors, and a child task.
enum Concurrency {
  static let probes = [
    repeated(
      "actor.hop", group: "Runtime", title: "Actor hop",
      method: "await of methods of two idle actors alternately, from a third task", count: 5_000,
      startsThreads: true,
      prepare: { _ in (Counter(), Counter()) },
      run: { actors, count in
        ConcurrencyRuntime.block {
          for _ in 0..<count / 2 {
            await actors.0.bump()
            await actors.1.bump()
          }
        }
        return count
      }),
    repeated(
      "async.let", group: "Runtime", title: "async let",
      method: "a child task that returns immediately, started and awaited", count: 2_000,
      startsThreads: true,
      prepare: { _ in 0 },
      run: { _, count in
        ConcurrencyRuntime.block {
          var all = 0
          for index in 0..<count {
            async let child = leaf(index)
            all &+= await child
          }
          perflab_opaque(Int64(all))
        }
        return count
      }),
    repeated(
      "task.group", group: "Runtime", title: "Task in a task group",
      method: "4,096 child tasks that return immediately, all started before the first is awaited",
      count: 4_096, startsThreads: true,
      prepare: { _ in 0 },
      run: { _, count in
        ConcurrencyRuntime.block {
          await withTaskGroup(of: Int.self) { group in
            for index in 0..<count { group.addTask { await leaf(index) } }
            var all = 0
            for await value in group { all &+= value }
            perflab_opaque(Int64(all))
          }
        }
        return count
      }),
  ]

  /// Tasks that wait for each other.
  static let recursions = [4_096, 10_000].flatMap { [recursion($0, on: 1), recursion($0, on: 2)] }

  /// The more parts wait for each other, the fewer of them the caches hold.
  private static func recursion(_ count: Int, on processors: Int) -> Probe {
    let place = processors == 1 ? "one processor" : "two processors"
    return repeated(
      "async.let.tree.\(count).\(processors)", group: "Runtime",
      title: "Child task in a recursion, \(count) on \(place)",
      method: "\(count) halved down to 1, one half in a child task each time, on \(place)",
      needs: [.cores(processors)], count: count, startsThreads: true,
      // A process of its own: the runtime's threads keep the processors that they started on.
      environment: VariantEnvironment(variables: ["PERFLAB_RUNTIME": place]),
      prepare: { try ConcurrencyRuntime.spread(over: Array($0.cpus.prefix(processors))) },
      run: { _, count in ConcurrencyRuntime.block { await halved(count) } })
  }
}

private actor Counter {
  private var value = 0
  func bump() { value &+= 1 }
}

@inline(never)
private func leaf(_ value: Int) async -> Int { value &+ 1 }

/// The number of child tasks is `count` less one. Each part's parent waits for it, so that all of
/// them exist at the same time.
@inline(never)
private func halved(_ count: Int) async -> Int {
  if count < 2 { return count }
  async let lower = halved(count / 2)
  let upper = await halved(count - count / 2)
  return await lower + upper
}
