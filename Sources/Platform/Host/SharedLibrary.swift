import CPerflab
import Glibc

/// Shared libraries that are installed, whether loaded or not.
public enum SharedLibrary {
  /// The path from which the loader would take a library (`libjemalloc.so.2`, or `libmimalloc.so`
  /// for whatever version there is), without loading it; nil where it would find none.
  /// Source of the order: ld.so(8).
  public static func find(_ name: String) -> String? {
    let variable = getenv("LD_LIBRARY_PATH").map { String(cString: $0) } ?? ""
    return find(name, searchPath: variable, cache: "/etc/ld.so.cache", folders: usualFolders)
  }

  static func find(
    _ name: String, searchPath: String, cache: String, folders: [String]
  ) -> String? {
    guard !name.isEmpty else { return nil }
    if name.contains("/") { return isReadable(name) ? name : nil }
    let first = searchPath.split { $0 == ":" || $0 == ";" }.map { "\($0)/\(name)" }
    let cached = LoaderCache.paths(of: name, file: cache)
    let usual = folders.map { "\($0)/\(name)" }
    return (first + cached + usual).first(where: isReadable)
  }

  private static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  private static var usualFolders: [String] {
    #if arch(arm64)
      let triplet = "aarch64-linux-gnu"
    #else
      let triplet = "x86_64-linux-gnu"
    #endif
    return [
      "/lib/\(triplet)", "/usr/lib/\(triplet)", "/lib64", "/usr/lib64", "/lib", "/usr/lib",
      "/usr/local/lib/\(triplet)", "/usr/local/lib64", "/usr/local/lib",
    ]
  }
}

/// Where the loader found a symbol of this process.
public enum SymbolOrigin {
  /// The path of the shared object that a call of `symbol` from C ends in, as the loader names it:
  /// the proof that a preloaded allocator is the one in use. Nil where it is not defined.
  public static func library(of symbol: String) -> String? {
    perflab_symbol_library(symbol).map { String(cString: $0) }
  }
}
