import Glibc

extension ScratchFolder {
  /// A folder that the workers of one run share, for what takes long to make: it belongs to the
  /// process that started this one, and is removed when that one ends, or by the next process that
  /// makes a scratch folder.
  /// - Parameters:
  ///   - number: tells the folders of one run apart.
  ///   - bytes: that must be free where it has to be made.
  ///   - make: fills a folder, which becomes the shared one; not called where there is one.
  /// - Returns: its path.
  public static func shared(
    _ number: Int, bytes: Int, make: (_ folder: String) throws -> Void
  ) throws -> String {
    let owner = ScratchProcess(processID: getppid(), start: ScratchProcess.start(of: getppid()))
    // Far from the numbers that the owner gives its own.
    let path = "\(base)/\(owner.prefix)-\(1_000_000 + number)"
    if access(path, F_OK) == 0 { return path }
    let folder = try ScratchFolder(bytes: bytes)
    try make(folder.path)
    // Where another worker was faster, its folder stays and this one is removed.
    guard rename(folder.path, path) == 0 || access(path, F_OK) == 0 else {
      throw SystemError(call: "rename to \(path)", errno: errno)
    }
    return path
  }
}
