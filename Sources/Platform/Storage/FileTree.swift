import Glibc

/// Folders with what is in them.
public enum FileTree {
  /// Names of the entries; none where the folder can't be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes a folder and all below it; what can't be removed stays. Symbolic links are not
  /// followed.
  public static func remove(_ path: String) {
    var about = stat()
    guard lstat(path, &about) == 0 else { return }
    guard about.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in names(in: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// Returns when all files of a folder, and the folders themselves, are on the device as they are
  /// now, so that nobody's later flush has to write them. What can't be opened is left out.
  public static func flush(_ path: String) {
    var about = stat()
    guard lstat(path, &about) == 0 else { return }
    if about.st_mode & S_IFMT == S_IFDIR {
      for name in names(in: path) { flush("\(path)/\(name)") }
    }
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }

  /// Writes a file for its owner alone.
  public static func write(_ text: String, to path: String) throws(SystemError) {
    try write(Array(text.utf8), to: path)
  }

  /// The same of bytes.
  public static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw SystemError(call: "open \(path)", errno: errno) }
    defer { close(file) }
    try write(bytes[...], to: file, of: path)
  }

  /// A write that ends short has set no `errno`: what is left is written, which then says why it can't
  /// be.
  private static func write(
    _ bytes: ArraySlice<UInt8>, to file: Int32, of path: String
  ) throws(SystemError) {
    var left = bytes
    while !left.isEmpty {
      let count = left.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw SystemError(call: "write \(path)", errno: count < 0 ? errno : ENOSPC)
      }
      left = left.dropFirst(count)
    }
  }

  /// Copies a file's bytes.
  public static func copy(_ source: String, to target: String) throws(SystemError) {
    let from = open(source, O_RDONLY | O_CLOEXEC)
    guard from >= 0 else { throw SystemError(call: "open \(source)", errno: errno) }
    defer { close(from) }
    let into = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard into >= 0 else { throw SystemError(call: "open \(target)", errno: errno) }
    defer { close(into) }
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(from, &chunk, chunk.count)
      guard count >= 0 else { throw SystemError(call: "read \(source)", errno: errno) }
      if count == 0 { return }
      try write(chunk[..<count], to: into, of: target)
    }
  }
}
