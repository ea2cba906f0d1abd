import Harness

/// The same messages through Boost's queue for one producer and one consumer, on the same team, a
/// queue for each pair. Both loops are in C++, so that no call stands between them and the queue.
func queuePeers(_ messages: Int, capacity: Int) -> [Variant] {
  typealias Make = @convention(c) (Int) -> UnsafeMutableRawPointer
  typealias Produce = @convention(c) (UnsafeMutableRawPointer, Int) -> Void
  typealias Consume = @convention(c) (UnsafeMutableRawPointer, Int) -> Int
  let names = ["perflab_spsc_make", "perflab_spsc_produce", "perflab_spsc_consume"]
  return [
    Variant(
      "boost::spsc_queue", peer: Peer(.boost, names[0], names[1], names[2]),
      prepare: { point, functions in
        let make = functions(names[0], as: Make.self)
        return (
          team: try point.team(2 * point.value),
          queues: (0..<point.value).map { _ in UInt(bitPattern: make(capacity)) },
          produce: functions(names[1], as: Produce.self),
          consume: functions(names[2], as: Consume.self)
        )
      },
      run: { peer in
        let sums = AlignedBuffer<Int>(count: 16 * peer.team.count) { _ in 0 }
        peer.team.run { member in
          let queue = UnsafeMutableRawPointer(bitPattern: peer.queues[member / 2])!
          if member % 2 == 0 {
            peer.produce(queue, messages)
          } else {
            // 128 bytes apart, so that members do not share a line.
            sums.elements[16 * member] = peer.consume(queue, messages)
          }
        }
        return sums.elements.reduce(0, &+)
      })
  ]
}
