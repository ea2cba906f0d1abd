import Harness

/// Other libraries' threads on the processors of a team.
private struct PeerThreads: @unchecked Sendable {
  // SAFETY (@unchecked): a handle that one thread at a time passes on.
  let handle: UnsafeMutableRawPointer

  /// - Parameter make: the function that starts the threads.
  init(_ count: Int, for point: Point, _ functions: PeerFunctions, make: String) {
    let cpus = Array(point.cpus.prefix(count))
    let make = functions(
      make, as: (@convention(c) (Int, UnsafePointer<Int>) -> UnsafeMutableRawPointer).self)
    handle = make(cpus.count, cpus)
  }
}

private typealias Threads = UnsafeMutableRawPointer

/// The same tasks in oneTBB, and in a pool as most people write it.
func taskPoolPeers(_ tasks: Int, task: @escaping @convention(c) (Int) -> Int) -> [Variant] {
  func peer(_ name: String, _ library: PeerLibrary, make: String, run: String) -> Variant {
    Variant(
      name, peer: Peer(library, make, run),
      prepare: { point, functions in
        typealias Run = @convention(c) (Threads, Int, Int, @convention(c) (Int) -> Int) -> Int
        return (
          threads: PeerThreads(point.cpus.count, for: point, functions, make: make),
          run: functions(run, as: Run.self), additions: point.value
        )
      },
      run: { input in input.run(input.threads.handle, tasks, opaque(input.additions), task) })
  }
  return [
    peer("oneTBB task_group", .oneTBB, make: "perflab_tbb_make", run: "perflab_tbb_run"),
    peer(
      "C++ mutex and queue", .standard, make: "perflab_pool_make", run: "perflab_pool_run"),
  ]
}

/// The same recursion, forked by oneTBB.
let forkJoinPeers = [
  Variant(
    "oneTBB parallel_invoke", peer: Peer(.oneTBB, "perflab_tbb_make", "perflab_tbb_fibonacci"),
    prepare: { point, functions in
      typealias Fibonacci = @convention(c) (Threads, Int) -> Int
      return (
        threads: PeerThreads(point.value, for: point, functions, make: "perflab_tbb_make"),
        fibonacci: functions("perflab_tbb_fibonacci", as: Fibonacci.self)
      )
    },
    run: { $0.fibonacci($0.threads.handle, opaque(20)) })
]

/// The same quicksort, forked by oneTBB; the work at a node is the same function.
let quicksortPeers = [
  Variant(
    "oneTBB parallel_invoke", peer: Peer(.oneTBB, "perflab_tbb_make", "perflab_tbb_quicksort"),
    prepare: { point, functions in
      typealias Quicksort =
        @convention(c) (Threads, UnsafeMutablePointer<Int>, Int, Split) -> Void
      return (
        threads: PeerThreads(point.value, for: point, functions, make: "perflab_tbb_make"),
        quicksort: functions("perflab_tbb_quicksort", as: Quicksort.self),
        unsorted: Unsorted(point)
      )
    },
    run: { peer in
      peer.unsorted.sort { keys in
        peer.quicksort(peer.threads.handle, keys.first, keys.count, split)
      }
    })
]

private typealias Split = @convention(c) (UnsafeMutablePointer<Int>, Int) -> Int

private let split: Split = { first, count in
  let keys = Keys(first: first, count: count)
  if let parts = keys.partitioned() { return parts.low.count }
  keys.insertionSort()
  return 0
}

/// The same tree, searched by oneTBB; the work at a node is the same function.
let treeSearchPeers = [
  Variant(
    "oneTBB task_group", peer: Peer(.oneTBB, "perflab_tbb_make", "perflab_tbb_search"),
    prepare: { point, functions in
      typealias Search = @convention(c) (Threads, UnsafeRawPointer, Visit) -> UInt64
      precondition(MemoryLayout<SkewedTree>.stride == 16, "tbb.cpp has nodes of two words")
      return (
        threads: PeerThreads(point.value, for: point, functions, make: "perflab_tbb_make"),
        search: functions("perflab_tbb_search", as: Search.self),
        root: SkewedTree.root
      )
    },
    run: { peer in
      withUnsafePointer(to: peer.root) { peer.search(peer.threads.handle, $0, visit) }
    })
]

private typealias Visit =
  @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer, UnsafeMutablePointer<UInt64>) -> Int32

private let visit: Visit = { node, children, value in
  let node = node.assumingMemoryBound(to: SkewedTree.self).pointee
  guard node.size > 1 else {
    value.pointee = node.size == 1 ? node.value : 0
    return 0
  }
  let (left, right) = node.children
  let both = children.assumingMemoryBound(to: SkewedTree.self)
  both.initialize(to: left)
  (both + 1).initialize(to: right)
  value.pointee = node.value
  return 1
}
