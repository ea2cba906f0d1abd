import Harness

/// The same messages through Boost's queue for one producer and one consumer, on the same team. Both
/// loops are in C++, so that no call stands between them and the queue.
func queuePeers(_ messages: Int, capacity: Int) -> [Variant] {
  typealias Make = @convention(c) (Int) -> UnsafeMutableRawPointer
  typealias Produce = @convention(c) (UnsafeMutableRawPointer, Int, Int) -> Void
  typealias Consume = @convention(c) (UnsafeMutableRawPointer, Int, Int) -> Int
  let names = ["perflab_spsc_make", "perflab_spsc_produce", "perflab_spsc_consume"]
  return [
    Variant(
      "boost::spsc_queue", peer: Peer(.boost, names[0], names[1], names[2]),
      prepare: { point, functions in
        let make = functions(names[0], as: Make.self)
        return (
          team: try point.team(2), queue: UInt(bitPattern: make(capacity)),
          produce: functions(names[1], as: Produce.self),
          consume: functions(names[2], as: Consume.self), additions: point.value
        )
      },
      run: { peer in
        let queue = UnsafeMutableRawPointer(bitPattern: peer.queue)!
        let additions = opaque(peer.additions)
        var total = 0
        peer.team.run { member in
          if member == 0 {
            peer.produce(queue, messages, additions)
          } else {
            total = peer.consume(queue, messages, additions)
          }
        }
        return total
      })
  ]
}
