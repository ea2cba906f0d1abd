import Glibc

/// A folder for the files of one process, which nothing outlives: it is removed with its last
/// reference; by the parent, where that ends the process; or by the next process that makes one,
/// where both were killed.
public final class ScratchFolder: Sendable {
  /// Says under which folder scratch folders are made; `perflab run --scratch` sets it.
  public static let variable = "PERFLAB_SCRATCH"

  /// Its path.
  public let path: String
  /// What it lies on.
  public let fileSystem: FileSystem
  /// Keeps the folder locked as long as this process lives.
  private let descriptor: Int32

  /// The folder that scratch folders lie in: of the variable, else `TMPDIR`, else `/var/tmp`, whose
  /// files survive a restart and so lie on a disk.
  public static var base: String {
    for name in [variable, "TMPDIR"] {
      if let value = getenv(name), value.pointee != 0 { return String(cString: value) }
    }
    return "/var/tmp"
  }

  /// From now on scratch folders of this process and of its children lie in `folder`.
  public static func choose(_ folder: String) throws(ScratchError) {
    var resolved = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard realpath(folder, &resolved) != nil else {
      throw ScratchError(base: folder, reason: SystemError.describe(errno))
    }
    setenv(variable, resolved, 1)
    // Whether one can be made shows when one is made.
    _ = try ScratchFolder(bytes: 0)
  }

  /// Makes one, and removes those of processes that are gone.
  /// - Parameter bytes: that must be free.
  public init(bytes: Int, in base: String = ScratchFolder.base) throws(ScratchError) {
    Self.removeLeftovers(in: base)
    fileSystem = try Self.room(for: bytes, in: base)
    let process = ScratchProcess.current
    let number = Self.made.next()
    path = "\(base)/\(process.prefix)-\(number)"
    guard mkdir(path, 0o700) == 0 else {
      throw ScratchError(base: base, reason: SystemError.describe(errno))
    }
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ScratchError(base: base, reason: SystemError.describe(errno))
    }
    flock(descriptor, LOCK_EX | LOCK_NB)
    _ = Self.isRemovedAtExit
  }

  /// Returns when all that is in it is on the device.
  public func flush() { FileTree.flush(path) }

  deinit {
    FileTree.remove(path)
    close(descriptor)
  }

  /// A path of a file in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  private static let made = ProcessCounter()

  /// Of a folder that is referenced until the process ends.
  private static let isRemovedAtExit: Bool = {
    atexit {
      let base = ScratchFolder.base
      let own = ScratchProcess.current.prefix + "-"
      for name in FileTree.names(in: base) where name.hasPrefix(own) {
        FileTree.remove("\(base)/\(name)")
      }
    }
    return true
  }()

  /// The file system of a folder that has so many bytes free and can be written.
  public static func room(
    for bytes: Int, in base: String = ScratchFolder.base
  ) throws(ScratchError) -> FileSystem {
    // Who asks may own what its workers share.
    _ = isRemovedAtExit
    let system: FileSystem
    do { system = try FileSystem(of: base) } catch {
      throw ScratchError(base: base, reason: error.reason)
    }
    var about = stat()
    guard stat(base, &about) == 0, about.st_mode & S_IFMT == S_IFDIR else {
      throw ScratchError(base: base, reason: SystemError.describe(ENOTDIR))
    }
    guard access(base, W_OK | X_OK) == 0 else {
      throw ScratchError(base: base, reason: SystemError.describe(errno))
    }
    guard system.freeBytes >= bytes else {
      throw ScratchError(
        base: base,
        reason: "\(bytes >> 20) MiB are needed and \(system.freeBytes >> 20) MiB are free")
    }
    return system
  }

  /// Removes what processes that are gone have left in a folder.
  public static func removeLeftovers(in base: String = ScratchFolder.base) {
    for name in FileTree.names(in: base) {
      guard let process = ScratchProcess(of: name), !process.isAlive else { continue }
      // Of another process namespace, whose numbers mean nothing here: the lock shows that it lives.
      let path = "\(base)/\(name)"
      let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard folder >= 0 else { continue }
      defer { close(folder) }
      if flock(folder, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK { continue }
      FileTree.remove(path)
    }
  }
}

/// Why there is no scratch folder.
public struct ScratchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where it was to be made.
  public let base: String
  /// `Read-only file system`
  public let reason: String

  /// In one line, with what to do.
  public var description: String {
    "no scratch folder in \(base): \(reason); --scratch names another folder"
  }
}
