import CPerflab
import Glibc
import Platform

/// Carries packets between two hosts, with the rate, delay and loss of a real network.
///
/// A TUN device in each host and a thread between them: what goes over a link is real packets of at
/// most 1,500 bytes, so that the kernels' TCP does what it does on a network. The thread does the
/// receiving host's work up to the socket. ARCHITECTURE.md says how much it
/// carries.
public final class Link: Sendable {
  /// From the first host to the second, and back.
  public let there: LinkPath, back: LinkPath
  /// The two ends.
  public let hosts: (Host, Host)
  private let devices: (Int32, Int32)
  private let stop: Int32
  private let tallies = (PathTally(), PathTally())
  private let thread: ServerThread

  /// A link between two hosts, each of which reaches the other's address through it.
  /// - Parameters:
  ///   - back: nil for the same as `there`.
  ///   - seed: of what happens by chance.
  ///   - cpu: where the relay's thread runs; nil for wherever the kernel puts it.
  /// - Throws: `SystemError` where the kernel refuses a device or a thread.
  public init(
    _ first: Host, _ second: Host, there: LinkPath, back: LinkPath? = nil, seed: UInt64,
    cpu: Int? = nil
  ) throws {
    self.there = there
    self.back = back ?? there
    hosts = (first, second)
    let one = try Self.device(in: first, to: second)
    let other: Int32
    do { other = try Self.device(in: second, to: first) } catch {
      close(one)
      throw error
    }
    devices = (one, other)
    stop = perflab_signal_descriptor()
    let relay = Relay(
      devices,
      there: RelayedPath(self.there, from: one, to: other, seed: seed, tally: tallies.0),
      back: RelayedPath(self.back, from: other, to: one, seed: ~seed, tally: tallies.1),
      stop: stop, cpu: cpu)
    do {
      _ = try Socket.checked(stop, "a relay's signal")
      thread = try relay.start()
    } catch {
      for descriptor in [one, other, stop] where descriptor >= 0 { close(descriptor) }
      throw error
    }
  }

  deinit {
    perflab_raise(stop)
    thread.join()
    for descriptor in [devices.0, devices.1, stop] { close(descriptor) }
  }

  /// What each direction has done since the link was made.
  public var counts: (there: PathCounts, back: PathCounts) {
    (tallies.0.counts, tallies.1.counts)
  }

  /// Processor time that the relay's thread has taken, in nanoseconds, spinning included.
  public var busyNanoseconds: Int { thread.busyNanoseconds }

  /// The round trip of a small packet that meets no other, in nanoseconds, without jitter.
  public var roundTrip: Int { there.delay + back.delay }

  /// Packets that wait in a device until the relay reads them.
  private static let deviceQueue = 10_000

  private static func device(in host: Host, to peer: Host) throws -> Int32 {
    try host.run {
      try Socket.checked(
        perflab_tun(
          "link\(host.interfaces.add())", host.address, peer.address,
          Int32(LinkPath.largestPacket), Int32(deviceQueue)),
        "a TUN device (/dev/net/tun)")
    }
  }
}
