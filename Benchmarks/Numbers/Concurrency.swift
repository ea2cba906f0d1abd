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
        blocking {
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
        blocking {
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
        blocking {
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
}

private actor Counter {
  private var value = 0
  func bump() { value &+= 1 }
}

@inline(never)
private func leaf(_ value: Int) async -> Int { value &+ 1 }

/// Runs a task to its end while the calling thread sleeps. Waking it costs some microseconds,
/// little beside the thousands of operations of the task.
private func blocking(_ body: @escaping @Sendable () async -> Void) {
  let done = Futex()
  Task.detached {
    await body()
    done.signal()
  }
  _ = done.await()
}
