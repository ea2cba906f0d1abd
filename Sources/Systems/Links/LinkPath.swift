/// What one direction of a link does to packets.
///
/// A packet waits in a bounded queue until the link is free, occupies it for its bytes ÷ the rate,
/// and arrives after the delay. A packet that is lost has occupied the link like any other.
public struct LinkPath: Sendable, Hashable {
  /// Bits per second, headers of IP included; nil where the relay itself is the limit.
  public var rate: Double?
  /// One way, in nanoseconds.
  public var delay: Int
  /// In nanoseconds: each packet gets a further delay between 0 and this, uniformly distributed.
  /// Packets stay in their order, so that one may have to wait for its predecessor.
  public var jitter: Int
  /// The probability that a packet is lost, each by itself.
  public var loss: Double
  /// The probability that a packet is held back by `lateness`, so that others overtake it.
  public var reordering: Double
  /// In nanoseconds.
  public var lateness: Int
  /// What may wait for the link to become free; a packet that finds no room is dropped.
  public var queueBytes: Int

  /// A direction; times in nanoseconds.
  public init(
    rate: Double? = nil, delay: Int = 0, jitter: Int = 0, loss: Double = 0, reordering: Double = 0,
    lateness: Int = 1_000_000, queueBytes: Int = 256 << 10
  ) {
    self.rate = rate
    self.delay = delay
    self.jitter = jitter
    self.loss = loss
    self.reordering = reordering
    self.lateness = lateness
    self.queueBytes = queueBytes
  }

  /// How long a packet occupies the link, in nanoseconds.
  public func transmission(of bytes: Int) -> Int {
    rate.map { Int(Double(bytes) * 8e9 / $0) } ?? 0
  }

  /// The largest packet, in bytes.
  static let largestPacket = 1_500

  /// Packets that may be under way at a time.
  var capacity: Int {
    let longest = delay + jitter + (reordering > 0 ? lateness : 0)
    // Without a rate, as many as a relay can carry.
    let bytes = Double(longest) * (rate ?? 4e9) / 8e9 + Double(queueBytes)
    return max(4_096, min(1 << 16, 4 * Int(bytes) / Self.largestPacket))
  }
}
