/// How often a file was changed, from a project's history.
public struct FileChanges: Sendable, Equatable {
  /// Its path.
  public let file: String
  /// As of the last commit of the first part of the history.
  public let lines: Int
  /// Commits that changed it: of the last 50 of that part, of the last 150, of all of it.
  public let recent, middle, all: Int
  /// Of the second part.
  public let future: Int

  /// perflab's own files of Swift, from its first 561 commits without merges: 374 and then 187.
  /// Commits that changed more than 60 files are left out.
  public static let perflab: [FileChanges] = DataFile(
    PackageResources.changes_perflab_2026_11_csv
  ).rows.compactMap { row in
    func number(_ name: String) -> Int { row[name].flatMap { Int($0) } ?? 0 }
    guard let file = row["x_File"] else { return nil }
    return FileChanges(
      file: file, lines: number("x_Lines"), recent: number("x_Changes50"),
      middle: number("x_Changes150"), all: number("x_Changes"), future: number("x_ChangesLater"))
  }
}
