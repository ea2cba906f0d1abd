import CPerflab

/// How this executable was built.
public enum Build {
  /// Whether both the Swift and the C part were compiled with optimisation. A build without it
  /// must not measure.
  public static var isOptimised: Bool {
    !_isDebugAssertConfiguration() && perflab_build_optimised() == 1
  }

  /// The compilers: `Swift 6.3, Clang …`.
  public static var compiler: String {
    "Swift \(swiftVersion), \(String(cString: perflab_build_compiler()))"
  }

  /// What `-march` or `-mcpu` was given: `native`; empty for the toolchain's default.
  public static var instructionSet: String { String(cString: perflab_build_arch()) }

  /// The version given to the build; nil where none was given.
  public static var version: String? {
    let version = String(cString: perflab_build_version())
    return version.isEmpty ? nil : version
  }

  /// Vector extensions that the compiler was allowed to use: `avx2`, `avx512f`, `neon`.
  public static var features: [String] {
    String(cString: perflab_build_features()).split(separator: " ").map(String.init)
  }

  /// Swift knows its version at compile time alone.
  private static var swiftVersion: String {
    #if compiler(>=6.5)
      return "6.5 or later"
    #elseif compiler(>=6.4)
      return "6.4"
    #elseif compiler(>=6.3)
      return "6.3"
    #else
      return "6.2"
    #endif
  }
}
