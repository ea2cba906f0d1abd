import CPerflab
import Glibc
import Platform

extension Link {
  /// Measures the link, and compares it with what it should do. Takes about two round trips and
  /// some tens of milliseconds, several times as long where the processors are busy; nothing else
  /// may use the link meanwhile.
  /// - Throws: `LinkFault` where the link does not do what it should; `SystemError` where it can't
  ///   be measured.
  @discardableResult
  public func check() throws -> LinkFigures {
    let before = counts
    var figures = try measure()
    for _ in 1..<Self.attempts {
      let after = counts
      let change = (after.there - before.there, after.back - before.back)
      if (try? compare(figures, change)) != nil { return figures }
      // Something else had the relay's processor: each figure is that of its best attempt.
      figures = nearer(figures, try measure())
    }
    let after = counts
    try compare(figures, (after.there - before.there, after.back - before.back))
    return figures
  }

  private static let attempts = 20

  /// Measures the round trip, the rate and the losses.
  /// - Throws: `LinkFault` where nothing comes back; `SystemError` where it can't be measured.
  public func measure() throws -> LinkFigures {
    let before = counts
    let figures = try LinkCheck(self).run()
    let after = counts
    guard let roundTrip = figures.roundTrip else {
      throw LinkFault(description: "no datagram came back over the link")
    }
    return LinkFigures(
      roundTrip: roundTrip, rate: (figures.there.rate, figures.back.rate),
      loss: (
        (after.there - before.there).lossShare, (after.back - before.back).lossShare
      ))
  }
}

/// Datagrams that measure a link: some that come back, then a burst in each direction.
private final class LinkCheck {
  private let link: Link
  private let first: Socket
  private let second: Socket
  private var buffer = [UInt8](repeating: 0, count: 2_048)
  private var answered = 0
  /// Packets that each end has sent.
  private var sent = (there: 0, back: 0)
  private let before: (there: PathCounts, back: PathCounts)
  /// The shortest way in each direction, in nanoseconds.
  private var shortest: (there: Int, back: Int) = (.max, .max)
  private(set) var there = Burst()
  private(set) var back = Burst()

  private static let echoes = 8
  /// Between two echoes, in nanoseconds.
  private static let gap = 200_000
  /// In nanoseconds, for what must come.
  private static let patience: UInt64 = 1_000_000_000

  init(_ link: Link) throws {
    self.link = link
    before = link.counts
    let (one, other) = link.hosts
    first = try Self.socket(in: one)
    second = try Self.socket(in: other)
    try first.connect(to: second.endpoint())
    try second.connect(to: first.endpoint())
  }

  private static func socket(in host: Host) throws -> Socket {
    try host.run {
      let socket = try Socket(.datagram)
      try socket.bind(to: host.endpoint())
      try socket.set(.receiveBuffer(4 << 20))
      try socket.stampDatagrams()
      return socket
    }
  }

  func run() -> (roundTrip: Int?, there: Burst, back: Burst) {
    echo()
    sendBurst(link.there, through: first)
    sendBurst(link.back, through: second)
    let limit = Clock.now() + UInt64(link.roundTrip) + Self.patience
    repeat {
      wait(1_000_000)
      receive()
    } while !isQuiet && Clock.now() < limit
    receive()
    return (roundTrip, there, back)
  }

  /// Both ways together: how long the far end takes to respond is not the link's.
  private var roundTrip: Int? {
    shortest.back == .max ? nil : shortest.there + shortest.back
  }

  /// Sends small datagrams, one at a time, and waits for them until they are late.
  private func echo() {
    let start = Clock.now()
    var sent = 0
    while answered < Self.echoes {
      let now = Clock.now()
      if sent < Self.echoes, now >= start + UInt64(sent * Self.gap) {
        sent += 1
        send(.echo, bytes: MemoryLayout<Probe>.size, through: first)
      }
      wait(Int64(Self.gap / 4))
      receive()
      let late = UInt64(2 * (link.roundTrip + link.there.jitter + link.back.jitter) + 10_000_000)
      if now > start + (roundTrip == nil ? Self.patience : late) { return }
    }
  }

  private func wait(_ nanoseconds: Int64) {
    _ = perflab_wait_readable([first.descriptor, second.descriptor, -1], nanoseconds)
  }

  /// Whether no packet is under way, nor waits in a device for the relay.
  private var isQuiet: Bool {
    let counts = link.counts
    return Self.isQuiet(counts.there - before.there, sent: sent.there)
      && Self.isQuiet(counts.back - before.back, sent: sent.back)
  }

  private static func isQuiet(_ counts: PathCounts, sent: Int) -> Bool {
    let settled = counts[.lost] + counts[.dropped] + counts[.refused] + counts[.delivered]
    return counts[.offered] >= sent && counts[.offered] == settled
  }

  /// Full packets for the rate, then small ones for the losses; all fit into the queue.
  private func sendBurst(_ path: LinkPath, through socket: Socket) {
    let room = path.queueBytes / 2 / LinkPath.largestPacket
    let wanted = Int((path.rate ?? 0) * 0.02 / 8) / LinkPath.largestPacket
    for number in 0..<min(400, max(8, wanted), max(2, room)) {
      send(.full, number: number, bytes: LinkPath.largestPacket - 28, through: socket)
    }
    guard path.loss > 0 else { return }
    for number in 0..<min(2_000, path.queueBytes / 4 / 64) {
      send(.small, number: number, bytes: MemoryLayout<Probe>.size, through: socket)
    }
  }

  private func send(_ kind: Probe.Kind, number: Int = 0, bytes: Int, through socket: Socket) {
    let probe = Probe(kind: kind, number: Int32(number), sent: realTime())
    buffer.withUnsafeMutableBytes { buffer in
      buffer.storeBytes(of: probe, as: Probe.self)
      guard socket.sendDatagram(UnsafeRawBufferPointer(rebasing: buffer[..<bytes])) else { return }
      if socket === first { sent.there += 1 } else { sent.back += 1 }
    }
  }

  private func receive() {
    while let (probe, time) = next(from: second) {
      if probe.kind == .echo {
        shortest.there = min(shortest.there, Int(time - probe.sent))
        send(.echo, bytes: MemoryLayout<Probe>.size, through: second)
      } else if probe.kind == .full {
        there.add(Int(probe.number), at: time)
      }
    }
    while let (probe, time) = next(from: first) {
      if probe.kind == .echo {
        answered += 1
        shortest.back = min(shortest.back, Int(time - probe.sent))
      } else if probe.kind == .full {
        back.add(Int(probe.number), at: time)
      }
    }
  }

  private func next(from socket: Socket) -> (probe: Probe, time: Int64)? {
    buffer.withUnsafeMutableBytes { buffer in
      guard let received = socket.receiveDatagram(buffer),
        received.bytes >= MemoryLayout<Probe>.size
      else { return nil }
      return (buffer.loadUnaligned(as: Probe.self), received.time)
    }
  }

  private struct Probe: BitwiseCopyable {
    enum Kind: Int32 { case echo, full, small }
    var kind: Kind
    var number: Int32
    /// On the clock of the kernel's time stamps.
    var sent: Int64
  }

  /// When full packets came, by their number: those between that were lost took the link too.
  struct Burst {
    private var arrivals: [(number: Int, time: Int64)] = []

    mutating func add(_ number: Int, at time: Int64) { arrivals.append((number, time)) }

    /// Bits per second: the median of the burst's parts, since a pause of the sender is in one.
    var rate: Double? {
      let step = max(1, arrivals.count / 16)
      let rates = stride(from: step, to: arrivals.count, by: step).map { index in
        let (from, to) = (arrivals[index - step], arrivals[index])
        let bits = Double((to.number - from.number) * LinkPath.largestPacket * 8)
        return bits * 1e9 / Double(max(1, to.time - from.time))
      }.sorted()
      return rates.isEmpty ? nil : rates[rates.count / 2]
    }
  }
}

private func realTime() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
