import Glibc

/// Programs that are installed.
public enum InstalledProgram {
  /// Where servers lie that an ordinary user's PATH does not name.
  private static let further = ["/usr/local/sbin", "/usr/sbin", "/sbin"]

  /// Debian has a folder for each version of PostgreSQL, and none of them in PATH.
  private static let postgres = "/usr/lib/postgresql"

  /// The first one of this name in PATH, or where servers lie; nil where there is none.
  public static func path(of name: String) -> String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let versions = FileTree.names(in: postgres).compactMap { Int($0) }.sorted(by: >)
    let folders =
      path.split(separator: ":").map(String.init) + further
      + versions.map { "\(postgres)/\($0)/bin" }
    return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}
