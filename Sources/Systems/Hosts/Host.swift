import CPerflab
import Glibc
import Platform

/// A machine of a network of the lab's own: a network namespace with an address, in this process.
///
/// The process must have entered `OwnNetwork`. A socket belongs for ever to the host in which it
/// was made, whichever thread uses it then. A host ends with its last socket and its last link, and
/// in any case with the process.
public final class Host: Sendable {
  /// Of the range 198.18.0.0/15, which is reserved for benchmarks (RFC 2544).
  public let address: UInt32
  /// What links have numbered their interfaces by; a host may have several.
  let interfaces = Counter()
  private let network: Int32

  /// - Parameters:
  ///   - number: from 1; the last two bytes of the address.
  ///   - settings: of the kernel, below `/proc/sys`, beside the ones that all hosts have:
  ///     `["net/ipv4/tcp_slow_start_after_idle": "0"]`.
  /// - Throws: `SystemError` where the kernel refuses a namespace or a setting.
  public init(_ number: UInt16, settings: [String: String] = [:]) throws {
    address = 0xC612_0000 | UInt32(number)
    network = try Socket.checked(perflab_new_network(), "a network namespace for a host")
    for (path, value) in Self.settings.merging(settings, uniquingKeysWith: { $1 }) {
      try set(path, to: value)
    }
    // A kernel without IPv6 has no such setting, and needs none.
    try? set("net/ipv6/conf/default/disable_ipv6", to: "1")
  }

  deinit { close(network) }

  /// An address and port of this host; 0 where the kernel is to choose the port.
  public func endpoint(port: UInt16 = 0) -> Endpoint { Endpoint(address: address, port: port) }

  /// Runs `body` with the calling thread in this host: sockets that it makes and programs that it
  /// starts belong to it. Threads that it starts stay there.
  /// - Throws: what `body` throws; `SystemError` where the kernel has no descriptor left.
  public func run<Answer>(_ body: () throws -> Answer) throws -> Answer {
    let before = try Socket.checked(perflab_network_here(), "this thread's network namespace")
    defer { close(before) }
    try enter(network)
    defer {
      // The thread came from there, so that the kernel has nothing to refuse.
      precondition(perflab_enter_network(before) == 0, "the way back to a thread's own network")
    }
    return try body()
  }

  /// Sets one of the kernel's settings, a path below `/proc/sys`, in this host alone.
  /// - Throws: `SystemError` where the kernel has no such setting or refuses the value.
  public func set(_ path: String, to value: String) throws {
    try run {
      let file = try Socket.checked(open("/proc/sys/\(path)", O_WRONLY | O_CLOEXEC), "set \(path)")
      defer { close(file) }
      _ = try Socket.checked(write(file, value, value.utf8.count), "set \(path) to \(value)")
    }
  }

  /// Whether the kernel has a setting, a path below `/proc/sys`.
  public static func has(_ path: String) -> Bool { access("/proc/sys/\(path)", F_OK) == 0 }

  private func enter(_ network: Int32) throws(SystemError) {
    let error = perflab_enter_network(network)
    if error != 0 { throw SystemError(call: "entering a host", errno: error) }
  }

  /// What an earlier connection has learnt about a path must not be used by the next; and no packet
  /// is sent but those of an experiment.
  private static let settings = ["net/ipv4/tcp_no_metrics_save": "1"]
}
