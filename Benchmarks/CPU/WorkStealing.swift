import Harness
import Results
import Techniques

extension Experiment {
  /// Searching a tree of unknown shape: a share dealt out beforehand, and work stealing.
  static let workStealing = Experiment(
    id: "cpu/work-stealing",
    title: "Searching an irregular tree: shares dealt out beforehand → work stealing",
    slot: "performance/cpu/parallelization",
    claim: """
      When a tree's branches differ in size, two threads that steal from each other finish earlier \
      than two that were dealt the same number of subtrees, up to twice as fast when nearly all \
      nodes lie in one subtree; on an even tree both take the same time.
      """,
    mechanism: """
      The static split expands the tree to 64 subtrees, as many as an engineer would think enough, \
      and deals them out in turn; its time is that of the fuller hand. With work stealing every \
      node forks; a thread that has nothing left asks for the oldest fork of the other, the one \
      nearest to the root and as a rule the largest. Its time is bounded by all work divided by \
      the threads, plus the longest path (Blumofe and Leiserson, *Scheduling Multithreaded \
      Computations by Work Stealing*, 1999). What a node does is the same code in both.
      """,
    limits: """
      A tree that is even, or so large that 64 subtrees average out, gains nothing. A tree that is \
      one long path cannot be searched in parallel at all: the path is the bound. Each fork costs \
      some nanoseconds, which shows when a node has less to do than that.
      """,
    diagram: """
      flowchart TB
        subgraph before["dealt out: {dealt out}"]
          direction LR
          a["thread 0: 32 subtrees, the huge one among them"]
          b["thread 1: 32 subtrees, soon done, waits"]
        end
        subgraph after["work stealing: {work stealing}"]
          direction LR
          c["thread 0: forks at every node"] -- "oldest fork" --> d["thread 1: asks when it is idle"]
          d -- "oldest fork" --> c
        end
        before -- "{speedup} at skew {point}" --> after
      """,
    sweep: .count("skew (light branch: 1/skew of the rest at most)", [1, 4, 16, 64], smoke: 4),
    needs: [.cores(2)],
    work: { _ in Work(elements: Double(nodes)) },
    variants: [
      Variant(
        "dealt out", shows: ["searchDealt", "search", "Node"],
        prepare: { point in Static(team: try point.team(2), root: .root(skew: point.value)) },
        run: { searchDealt($0.team, $0.root) }),
      Variant(
        "work stealing", shows: ["searchStealing"],
        prepare: { point in
          (try PooledTeam(point.team(2)), Node.root(skew: point.value))
        },
        run: { pool, root in pool.run { searchStealing(root, $0) } }),
    ],
    predict: { question throws(MissingNumber) in
      let root = Node.root(skew: question.value)
      var hands = [0, 0]
      for (index, subtree) in expand(root).subtrees.enumerated() {
        hands[index % 2] += subtree.size
      }
      let fuller = hands.max()!
      let path = longestPath(from: root)
      let forkCount = forks(from: root)
      // In cycles. A mixing step is a chain of two multiplications of three and seven of one.
      let node = Double(rounds * 13)
      let cycle = try question.number("add.integer.latency")
      let fork = (try question.instructions(80)) / cycle
      let stolen = Double(nodes) / 2 * node + Double(forkCount) / 2 * fork + Double(path) * node
      return Prediction(
        speedup: Double(fuller) * node / stolen,
        because: """
          Counted in the tree itself: the fuller hand has \(fuller) of \(nodes) nodes. Stealing \
          takes at most the time of half the nodes and of the longest path, \(path), and half of \
          \(forkCount) forks. A node is a chain of \(node.brief) cycles; a fork about 80 \
          instructions, counted in the machine code, \(fork.brief) cycles.
          """)
    })
}

/// Of the tree; the same number at every skew.
private let nodes = 20_000

/// Mixing steps at a node.
private let rounds = 32

/// A node knows how large the tree below it is, and by its seed how that is divided.
private struct Node {
  let seed: UInt64
  let skew: Int
  /// Nodes of the subtree, this one included.
  let size: Int

  /// One tree for all processes: the shape of another seed's tree is another problem.
  static func root(skew: Int) -> Node { Node(seed: 2_026, skew: skew, size: nodes) }

  /// The light child gets a random part of 1/skew of what is below, on a random side.
  var children: (Node, Node) {
    let below = size - 1
    let mixed = mix(seed)
    let light = Int(Double(below) * Double(mixed >> 11) * 0x1p-53) / skew
    let left = mixed & 1 == 0 ? light : below - light
    return (
      Node(seed: mixed &+ 1, skew: skew, size: left),
      Node(seed: mixed &+ 2, skew: skew, size: below - left)
    )
  }

  /// What is done at a node: a hundred nanoseconds of arithmetic.
  var value: UInt64 {
    var state = seed
    for _ in 0..<rounds { state = mix(state) }
    return state >> 40
  }
}

/// SplitMix64's mixer.
@inline(__always)
private func mix(_ seed: UInt64) -> UInt64 {
  var mixed = seed &+ 0x9E37_79B9_7F4A_7C15
  mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
  mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
  return mixed ^ (mixed >> 31)
}

@inline(never)
private func search(_ node: Node) -> UInt64 {
  if node.size <= 1 { return node.size == 1 ? node.value : 0 }
  let (left, right) = node.children
  return node.value &+ search(left) &+ search(right)
}

@inline(never)
private func searchStealing(_ node: Node, _ worker: borrowing WorkStealingPool.Worker) -> UInt64 {
  if node.size <= 1 { return node.size == 1 ? node.value : 0 }
  let (left, right) = node.children
  let value = node.value
  let (a, b) = worker.join({ searchStealing(left, $0) }, { searchStealing(right, $0) })
  return value &+ a &+ b
}

/// What the static variant works with.
private struct Static: @unchecked Sendable {
  // SAFETY (@unchecked): a team is used by the kernel's thread alone.
  let team: Team
  let root: Node
}

/// Each member searches every second subtree of the frontier.
@inline(never)
private func searchDealt(_ team: Team, _ root: Node) -> UInt64 {
  let (above, subtrees) = expand(root)
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

/// Opens nodes level by level until there are 64 subtrees to deal out.
private func expand(_ root: Node) -> (opened: [Node], subtrees: [Node]) {
  var opened: [Node] = []
  var queue = [root]
  while queue.count < 64, let next = queue.firstIndex(where: { $0.size > 1 }) {
    let node = queue.remove(at: next)
    opened.append(node)
    let (left, right) = node.children
    for child in [left, right] where child.size > 0 { queue.append(child) }
  }
  return (opened, queue)
}

private func longestPath(from node: Node) -> Int {
  if node.size == 0 { return 0 }
  let (left, right) = node.children
  return 1 + max(longestPath(from: left), longestPath(from: right))
}

private func forks(from node: Node) -> Int {
  if node.size <= 1 { return 0 }
  let (left, right) = node.children
  return 1 + forks(from: left) + forks(from: right)
}
