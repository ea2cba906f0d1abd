import Glibc
import Platform
import Statistics

/// One direction of a link at work: takes packets from one host's device, and writes them to the
/// other's when they are due. For one thread.
struct RelayedPath: ~Copyable {
  private let path: LinkPath
  private let input: Int32
  private let output: Int32
  private let tally: PathTally
  private var queue: PacketQueue
  private var random: SeededGenerator
  /// When the link has sent all that it has taken in.
  private var freeAt: UInt64 = 0
  private var lastDue: UInt64 = 0

  /// Packets that are taken in or delivered before the relay looks at its other duties.
  private static let batch = 32

  /// - Parameters:
  ///   - input, output: devices, which stay the caller's.
  init(_ path: LinkPath, from input: Int32, to output: Int32, seed: UInt64, tally: PathTally) {
    self.path = path
    self.input = input
    self.output = output
    self.tally = tally
    queue = PacketQueue(capacity: path.capacity)
    random = SeededGenerator(seed: seed)
  }

  /// When the next packet is to be delivered; nil where there is none.
  var due: UInt64? { queue.due }

  /// Takes in what has come.
  mutating func takeIn() {
    for _ in 0..<Self.batch {
      let room = queue.room
      let length = read(input, room.baseAddress, room.count)
      guard length > 0 else { return }
      // Anything but IPv4 is the kernel's own talk.
      guard room[0] >> 4 == 4 else { continue }
      tally[.offered].add()
      tally[.offeredBytes].add(length)
      tally[.largest].raise(to: length)
      pass(length, at: Clock.now())
    }
  }

  private mutating func pass(_ length: Int, at now: UInt64) {
    guard !queue.isFull else {
      tally[.refused].add()
      return
    }
    let start = max(now, freeAt)
    if let rate = path.rate,
      Double(start - now) * rate / 8e9 + Double(length)
        > Double(path.queueBytes)
    {
      tally[.dropped].add()
      return
    }
    freeAt = start + UInt64(path.transmission(of: length))
    if path.loss > 0, chance() < path.loss {
      tally[.lost].add()
      return
    }
    var due = freeAt + UInt64(path.delay)
    if path.jitter > 0 { due += UInt64(chance() * Double(path.jitter)) }
    due = max(due, lastDue)
    if path.reordering > 0, chance() < path.reordering {
      due += UInt64(path.lateness)
    } else {
      lastDue = due
    }
    if queue.insert(length: length, due: due) { tally[.overtaking].add() }
  }

  /// Delivers what is due.
  mutating func deliver() {
    for _ in 0..<Self.batch {
      guard let due = queue.due else { return }
      let now = Clock.now()
      guard due <= now else { return }
      let packet = queue.packet
      if write(output, packet.baseAddress, packet.count) == packet.count {
        tally[.delivered].add()
        tally[.deliveredBytes].add(packet.count)
        tally[.lateness].add(Int(now - due))
      } else {
        tally[.refused].add()
      }
      queue.removeFirst()
    }
  }

  /// Uniform from 0 to below 1.
  private mutating func chance() -> Double { Double(random.next() >> 11) * 0x1p-53 }
}
