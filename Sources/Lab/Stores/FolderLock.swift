import Glibc
import SystemPackage

/// One run at a time writes into a machine's folder. The kernel lifts the lock with the process.
struct FolderLock {
  private let descriptor: Int32?

  /// - Parameters:
  ///   - folder: nil for nothing to lock.
  ///   - option: that names another folder.
  /// - Throws: `LabError` where another run holds it, or the folder can't be written.
  init(_ folder: String?, option: String = "--out") throws(LabError) {
    guard let folder else {
      descriptor = nil
      return
    }
    let path = folder + "/.lock"
    if !Files.exists(path) { try Files.write("", to: path) }
    let opened = open(path, O_RDWR | O_CLOEXEC)
    guard opened >= 0 else {
      throw .unwritable(path: path, reason: "\(Errno(rawValue: errno))")
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      close(opened)
      throw .invalid("another run is writing to \(folder); wait for it, or use another \(option)")
    }
    descriptor = opened
  }

  func release() {
    if let descriptor { close(descriptor) }
  }
}
