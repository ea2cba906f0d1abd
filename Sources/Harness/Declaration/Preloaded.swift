/// Allocators that a variant's process may be started with in the place of glibc's.
public enum Preloaded: String, Sendable, CaseIterable {
  case jemalloc, mimalloc, tcmalloc

  /// As variants and numbers are called.
  public var name: String { rawValue }

  private var library: String {
    switch self {
    case .jemalloc: "libjemalloc.so.2"
    // Distributions have 2 or 3, which are used in the same way.
    case .mimalloc: "libmimalloc.so"
    case .tcmalloc: "libtcmalloc_minimal.so.4"
    }
  }

  /// The package of Debian and Ubuntu that brings it.
  private var package: String {
    switch self {
    case .jemalloc: "libjemalloc2"
    case .mimalloc: "libmimalloc3 or libmimalloc2.0"
    case .tcmalloc: "libtcmalloc-minimal4"
    }
  }

  /// What a process is started with; nil for the system's own allocator.
  /// - Parameter variables: set for the preloaded allocator alone, so that variants without one
  ///   share a process.
  public static func environment(
    _ allocator: Preloaded?, variables: [String: String] = [:]
  ) -> VariantEnvironment {
    guard let allocator else { return VariantEnvironment() }
    return VariantEnvironment(
      preload: .init(library: allocator.library, provides: "malloc"), variables: variables)
  }

  /// What must be installed.
  public static func needs(_ allocator: Preloaded?) -> [Requirement] {
    allocator.map { [.library($0.library, package: $0.package)] } ?? []
  }
}
