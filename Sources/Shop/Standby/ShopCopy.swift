import Glibc
import Platform
import Systems

/// A Shop in a process of its own, a copy of this one: to be stopped (`SIGSTOP`) and killed (`kill -9`)
/// in the middle of its work. Its data are in a folder that outlives it.
public final class ShopCopy {
  /// Where it listens.
  public let endpoint: Endpoint
  private let copy: ProcessCopy

  /// Starts it; returns when it listens.
  /// - Parameter seconds: after which it is killed anyway.
  /// - Throws: `SystemError`, also where the Shop can't be opened; the reason is then on the standard
  ///   error.
  public init(_ settings: ShopSettings, seconds: UInt32 = 30) throws(SystemError) {
    copy = try ProcessCopy(seconds: seconds) { say in
      let shop = try Shop(settings)
      say(Int(shop.endpoint.port))
      while true { sleep(1_000) }
    }
    endpoint = .loopback(port: UInt16(try copy.word()))
  }

  /// Nanoseconds of processor time that it has used so far.
  public var processorTime: UInt64 { copy.processorTime }

  /// Stops it where it is.
  public func pause() { copy.pause() }

  /// Lets it go on.
  public func resume() { copy.resume() }

  /// Ends it as `kill -9` does.
  public func kill() { copy.kill() }
}
