import CPerflab
import Glibc

/// Network namespaces of a process's own: what it starts there reaches itself alone, and all of it
/// ends with the process, however it ends.
public enum OwnNetwork {
  /// A worker that finds this variable enters its own network before anything else.
  public static let variable = "PERFLAB_OWN_NETWORK"

  /// Whether this process was started to do so.
  public static var isWanted: Bool { getenv(variable) != nil }

  /// Moves this process there. To be called before any thread is started.
  /// - Returns: why the kernel refuses; nil where it does not.
  public static func enter() -> String? { reason(perflab_own_network()) }

  /// Why a process of this user can't; nil where it can.
  public static var refusal: String? { reason(perflab_try_own_network()) }

  /// Why a process of this user can't have hosts and a link there: a limit of namespaces, settings
  /// that are read-only, no TUN devices; nil where it can.
  public static var linkRefusal: String? {
    var step: UnsafePointer<CChar>?
    let error = perflab_try_link(&step)
    guard error != 0, let step else { return nil }
    return SystemError(call: String(cString: step), errno: error).description
  }

  private static func reason(_ errno: Int32) -> String? {
    errno == 0 ? nil : SystemError(call: "unshare", errno: errno).description
  }
}
