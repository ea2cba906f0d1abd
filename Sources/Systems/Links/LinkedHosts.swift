import Platform
import Synchronization

/// A client and a server with a link between them, which was checked before it is used.
public final class LinkedHosts: Sendable {
  /// The link's first host.
  public var client: Host { link.hosts.0 }
  /// The link's second host.
  public var server: Host { link.hosts.1 }
  /// From the client to the server and back.
  public let link: Link
  /// What the link did when it was checked.
  public let figures: LinkFigures
  private let counted = Mutex(nothing)

  /// What was done in some stretches of time: how many, by the link in each direction, and the
  /// nanoseconds that this process spent on a processor beside the relay.
  public typealias Counted = (calls: Int, there: PathCounts, back: PathCounts, processor: Int)

  /// What makes one link different from another.
  private struct Key: Hashable {
    let toServer: LinkPath
    let toClient: LinkPath
    let settings: [String: String]
  }

  private static let made = Mutex<[Key: LinkedHosts]>([:])

  /// The pair with these paths, which all variants of a process share: equal conditions, and no
  /// idle relay beside them.
  /// - Parameters:
  ///   - settings: of both kernels, as `Host` takes them.
  ///   - seed: of what happens by chance.
  ///   - cpu: where the relay's thread runs.
  /// - Throws: `SystemError` where the kernel refuses; `LinkFault` where the link does not do what
  ///   it should.
  public static func shared(
    toServer: LinkPath, toClient: LinkPath, settings: [String: String] = [:], seed: UInt64,
    cpu: Int
  ) throws -> LinkedHosts {
    let key = Key(toServer: toServer, toClient: toClient, settings: settings)
    return try made.withLock { made in
      if let known = made[key] { return known }
      // Two addresses of its own for each pair.
      let number = UInt16(clamping: 2 * made.count + 1)
      let link = try Link(
        Host(number, settings: settings), Host(number + 1, settings: settings), there: toServer,
        back: toClient, seed: seed, cpu: cpu)
      let hosts = try LinkedHosts(link)
      made[key] = hosts
      return hosts
    }
  }

  private init(_ link: Link) throws {
    self.link = link
    figures = try link.check()
  }

  /// Runs `body` and counts what the link does meanwhile: for one call of a kernel, so that the
  /// preparations and the stragglers of others are not counted.
  public func counting<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
    let (before, processor) = (link.counts, processorNanoseconds)
    let answer = try body()
    let (after, later) = (link.counts, processorNanoseconds)
    counted.withLock { counted in
      counted.calls += 1
      counted.there += after.there - before.there
      counted.back += after.back - before.back
      counted.processor += later - processor
    }
    return answer
  }

  private var processorNanoseconds: Int {
    // The relay first: asking for its clock brings it up to date in the kernel. The process's clock
    // counts a thread that runs elsewhere up to its last scheduler tick, milliseconds ago.
    let relay = link.busyNanoseconds
    return Int(ProcessAccounting.read().cpuNanoseconds) - relay
  }

  /// What was counted since the last call of this, and in how many calls.
  public func taken() -> Counted {
    counted.withLock { counted in
      defer { counted = Self.nothing }
      return counted
    }
  }

  private static let nothing: Counted = (0, PathCounts(), PathCounts(), 0)
}
