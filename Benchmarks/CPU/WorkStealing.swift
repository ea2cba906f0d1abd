import Harness
import Results
import Techniques

extension Experiment {
  /// Searching a tree of unknown shape: subtrees assigned beforehand, and work stealing.
  static let workStealing = Experiment(
    id: "cpu/work-stealing",
    title: "Searching an irregular tree: subtrees assigned beforehand → work stealing",
    slot: "performance/cpu/parallelization",
    claim: """
      On a tree whose branches differ in size, threads that steal work from each other finish \
      earlier than as many that are assigned the same number of subtrees each: those take as long \
      as the one with the largest subtree, however many there are; on a balanced tree both take \
      the same time.
      """,
    mechanism: """
      The static split expands the tree to 64 subtrees, which seem enough for some threads, and \
      assigns them round-robin; it takes as long as the most heavily loaded thread. With work \
      stealing every node forks, and an idle thread takes over the oldest fork of another: the one \
      nearest to the root and usually the largest. The expected time is the work divided by the \
      number of threads, plus at most a constant times the longest path (Blumofe and Leiserson, \
      *Scheduling Multithreaded Computations by Work Stealing*, 1999). The light branch of a node \
      has at most a sixteenth of the nodes below it. The work at a node is the same code.
      """,
    limits: """
      A balanced tree, or one so large that 64 subtrees average out, gains nothing. The more \
      threads, the larger a part of the time is the longest path: it is a bound, and a tree that is \
      one long path cannot be searched in parallel at all. Each fork costs some nanoseconds, which \
      shows when a node has less work than that.
      """,
    diagram: """
      flowchart TB
        subgraph before["round-robin: {round-robin}"]
          direction LR
          a["thread 0: its subtrees, one of them huge"]
          b["thread 1: as many, finishes early, waits"]
        end
        subgraph after["work stealing: {work stealing}"]
          direction LR
          c["thread 0: forks at every node"] -- "oldest fork" --> d["thread 1: asks when idle"]
          d -- "oldest fork" --> c
        end
        before -- "{speedup} on {point} threads" --> after
      """,
    sweep: .threads(),
    needs: [.cores(2)],
    work: { _ in Work(elements: Double(SkewedTree.nodes), each: "node") },
    variants: [
      Variant(
        "round-robin", shows: ["searchAssigned", "search"],
        prepare: { (try $0.team($0.value), SkewedTree.root) },
        run: { searchAssigned($0, $1) }),
      Variant(
        "work stealing", shows: ["searchStealing"],
        prepare: { (try PooledTeam($0.team($0.value)), SkewedTree.root) },
        run: { pool, root in pool.run { searchStealing(root, $0) } }),
    ] + treeSearchPeers,
    headline: DeclaredHeadline(value: 2, variant: "work stealing"),
    model: { question throws(MissingNumber) in
      let (root, threads) = (SkewedTree.root, question.value)
      // A mixing step is a chain of two multiplications (three cycles) and seven other operations.
      let node = Double(SkewedTree.rounds * 13) * (try question.time("add.integer.latency"))
      if question.isBaseline {
        var loads = [Int](repeating: 0, count: threads)
        for (index, subtree) in root.expanded(to: 64).subtrees.enumerated() {
          loads[index % threads] += subtree.size
        }
        return Model(
          (Double(loads.max()!) * node).named("nodes of the most heavily loaded thread"), per: .call
        )
      }
      // A fork is about 80 instructions, counted in the machine code.
      let forks = Double(root.forks) / Double(threads) * (try question.instructions(80))
      let nodes = Double(SkewedTree.nodes) / Double(threads) * node
      let work =
        nodes.named("nodes, divided among the threads")
        + forks.named("forks, divided among the threads")
      let path = (Double(root.longestPath) * node).named(
        "longest path", because: "while one thread is on it, the others may find nothing to steal")
      return Model(threads == 1 ? work : work + path, per: .call)
    })
}

@inline(never)
private func search(_ node: SkewedTree) -> UInt64 {
  if node.size <= 1 { return node.size == 1 ? node.value : 0 }
  let (left, right) = node.children
  return node.value &+ search(left) &+ search(right)
}

@inline(never)
private func searchStealing(
  _ node: SkewedTree, _ worker: borrowing WorkStealingPool.Worker
) -> UInt64 {
  if node.size <= 1 { return node.size == 1 ? node.value : 0 }
  let (left, right) = node.children
  let value = node.value
  let (a, b) = worker.join({ searchStealing(left, $0) }, { searchStealing(right, $0) })
  return value &+ a &+ b
}

/// Each member searches every second subtree of the frontier.
@inline(never)
private func searchAssigned(_ team: Team, _ root: SkewedTree) -> UInt64 {
  let (above, subtrees) = root.expanded(to: 64)
  let sums = AlignedBuffer<UInt64>(count: 16 * team.count) { _ in 0 }
  team.run { member in
    var sum: UInt64 = 0
    for index in stride(from: member, to: subtrees.count, by: team.count) {
      sum &+= search(subtrees[index])
    }
    // 128 bytes apart, so that members do not share a line.
    sums.elements[16 * member] = sum
  }
  return sums.elements.reduce(above.reduce(0) { $0 &+ $1.value }, &+)
}
