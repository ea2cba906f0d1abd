import Harness

/// The same blocks from Boost's pool, and without any allocation.
let poolYardsticks = [
  Variant(
    "boost::pool", peer: Peer(.boost, "perflab_boost_pool_make", "perflab_boost_pool_churn"),
    prepare: { point, functions in
      typealias Make = @convention(c) (UnsafeMutablePointer<UInt>, Int) -> UnsafeMutableRawPointer
      typealias Churn =
        @convention(c) (
          UnsafeMutableRawPointer, UnsafeMutablePointer<UInt>, UnsafePointer<Int32>, Int
        ) -> Int
      let make = functions("perflab_boost_pool_make", as: Make.self)
      // Addresses of blocks.
      let live = AlignedBuffer<UInt>(count: point.value) { _ in 0 }
      return (
        pool: UInt(bitPattern: make(live.elements.baseAddress!, live.count)), live: live,
        order: ReplacementOrder.random(for: point),
        churn: functions("perflab_boost_pool_churn", as: Churn.self)
      )
    },
    run: { peer in
      peer.churn(
        UnsafeMutableRawPointer(bitPattern: peer.pool)!, peer.live.elements.baseAddress!,
        peer.order.elements.baseAddress!, peer.order.count)
    }),
  Variant(
    limit: "blocks in place",
    prepare: { point in
      let blocks = AlignedBuffer<PooledBlock>(count: point.value) { PooledBlock(tag: $0) }
      let live = AlignedBuffer(count: point.value) { blocks.elements.baseAddress! + $0 }
      return (blocks: blocks, live: live, order: ReplacementOrder.random(for: point))
    },
    run: { input in rewrite(input.live, input.order) }),
]

/// What is left of a replacement when the new block is where the old one was.
@inline(never)
private func rewrite(
  _ live: AlignedBuffer<UnsafeMutablePointer<PooledBlock>>, _ order: AlignedBuffer<Int32>
) -> Int {
  let blocks = live.elements
  var sum = 0
  for step in order.elements {
    let block = blocks[Int(step)]
    sum &+= block.pointee.tag
    block.pointee.tag = Int(step)
    blocks[Int(step)] = block
  }
  return sum
}

/// The same requests from the C++ library's arena, and in objects that are there already.
func arenaYardsticks(_ requests: @escaping @Sendable (_ objects: Int) -> Passes) -> [Variant] {
  [
    Variant(
      "std::pmr::monotonic_buffer",
      peer: Peer(.standard, "perflab_monotonic_make", "perflab_monotonic_serve"),
      prepare: { point, functions in
        let make = functions(
          "perflab_monotonic_make", as: (@convention(c) (Int) -> UnsafeMutableRawPointer).self)
        typealias Serve = @convention(c) (UnsafeMutableRawPointer, Int, Int) -> Int
        return (
          arena: UInt(bitPattern: make(point.value)), objects: point.value,
          serve: functions("perflab_monotonic_serve", as: Serve.self)
        )
      },
      run: { peer in
        peer.serve(
          UnsafeMutableRawPointer(bitPattern: peer.arena)!, opaque(peer.objects),
          requests(peer.objects).count)
      }),
    Variant(
      limit: "objects in place",
      prepare: { point in
        AlignedBuffer<PlacedNode>(count: point.value) { PlacedNode(next: nil, key: $0) }
      },
      run: { nodes in requests(nodes.count).sum { serve(nodes.elements, opaque(nodes.count)) } }),
  ]
}

/// 48 bytes, as the objects of the experiment.
private struct PlacedNode: BitwiseCopyable {
  var next: UnsafeMutablePointer<PlacedNode>?
  var key: Int
  var payload: (Int, Int, Int, Int) = (0, 0, 0, 0)
}

/// What is left of a request when each object has its place: it is written, linked and read.
@inline(never)
private func serve(_ nodes: UnsafeMutableBufferPointer<PlacedNode>, _ objects: Int) -> Int {
  var list: UnsafeMutablePointer<PlacedNode>?
  for key in 0..<objects {
    let node = nodes.baseAddress! + key
    node.initialize(to: PlacedNode(next: list, key: key))
    list = node
  }
  var sum = 0
  while let node = list {
    sum &+= node.pointee.key
    list = node.pointee.next
  }
  return sum
}
