import Glibc

/// How many files and sockets a process may have open.
public enum DescriptorLimit {
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

  /// The hard limit, to which a process may raise its own.
  public static var hard: Int { Int(clamping: current.rlim_max) }

  /// Raises this process's soft limit to the hard one.
  public static func raise() {
    var limit = current
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
  }

  private static var current: rlimit {
    var limit = rlimit()
    getrlimit(resource, &limit)
    return limit
  }
}
