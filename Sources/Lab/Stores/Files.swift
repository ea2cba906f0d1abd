import Glibc
import SystemPackage

/// Reading and writing of whole files. No other module writes files.
enum Files {
  static func read(_ path: String) throws(LabError) -> [UInt8] {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      defer { try? file.close() }
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
        if count == 0 { return bytes }
        bytes += chunk.prefix(count)
      }
    } catch { throw .unreadable(path: path, reason: "\(error)") }
  }

  /// The bytes before the first end of line; all of them where there is none.
  static func firstLine(_ path: String) throws(LabError) -> [UInt8] {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      defer { try? file.close() }
      var bytes: [UInt8] = []
      // Of an experiment's file it holds the line as a rule, and little else.
      var chunk = [UInt8](repeating: 0, count: 1 << 10)
      while true {
        let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
        let read = chunk.prefix(count)
        if let end = read.firstIndex(of: UInt8(ascii: "\n")) { return bytes + read[..<end] }
        if count == 0 { return bytes }
        bytes += read
      }
    } catch { throw .unreadable(path: path, reason: "\(error)") }
  }

  static func text(_ path: String) throws(LabError) -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  /// Writes beside the target and renames, so that a reader finds the old file or the new one and
  /// a full disk loses nothing. A file that already holds these bytes is left alone.
  static func write(_ bytes: [UInt8], to path: String) throws(LabError) {
    if isStream(path) { return try send(bytes, to: path) }
    if exists(path), let old = try? read(path), old == bytes { return }
    try createFolder(of: path)
    let temporary = temporary(path)
    do {
      let file = try FileDescriptor.open(
        FilePath(temporary), .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter {
        // Who might read the old file may read the new one.
        var old = stat()
        if stat(path, &old) == 0 { _ = fchmod(file.rawValue, old.st_mode & 0o7777) }
        try file.writeAll(bytes)
        guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
      }
    } catch {
      unlink(temporary)
      throw .unwritable(path: path, reason: "\(error)")
    }
    guard rename(temporary, path) == 0 else {
      let reason = "\(Errno(rawValue: errno))"
      unlink(temporary)
      throw .unwritable(path: path, reason: reason)
    }
  }

  private static func temporary(_ path: String) -> String { "\(path).\(getpid()).new" }

  /// Whether it is there and is no file that could be replaced: a device, a pipe.
  private static func isStream(_ path: String) -> Bool {
    var found = stat()
    guard stat(path, &found) == 0 else { return false }
    let kind = found.st_mode & S_IFMT
    return kind != S_IFREG && kind != S_IFDIR
  }

  private static func send(_ bytes: [UInt8], to path: String) throws(LabError) {
    do {
      let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec)
      try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch { throw .unwritable(path: path, reason: "\(error)") }
  }

  static func write(_ text: String, to path: String) throws(LabError) {
    try write(Array(text.utf8), to: path)
  }

  /// Takes a file away; nothing where there is none.
  static func remove(_ path: String) { unlink(path) }

  /// Bytes of a file; nil where there is none.
  static func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Size and time of a file, another after every change; empty where there is none.
  static func stamp(_ path: String) -> String {
    var found = stat()
    guard stat(path, &found) == 0 else { return "" }
    return "\(found.st_size) \(found.st_mtim.tv_sec).\(found.st_mtim.tv_nsec)"
  }

  /// Names and stamps of the files below a folder, hidden ones left out: another text after any
  /// change. Links are not followed.
  static func stamps(below folder: String) -> String {
    names(in: folder).filter { !$0.hasPrefix(".") }.map { name in
      let path = "\(folder)/\(name)"
      var found = stat()
      let isFolder = lstat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFDIR
      return isFolder ? "\(name)/\n\(stamps(below: path))" : "\(name) \(stamp(path))\n"
    }.joined()
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// - Throws: `LabError.unwritable` where somebody took the right to write a file away, even from
  ///   one who could all the same, or where its folder takes no new file.
  static func expectWritable(_ path: String) throws(LabError) {
    var found = stat()
    if stat(path, &found) == 0, found.st_mode & 0o222 == 0 || access(path, W_OK) != 0 {
      throw .unwritable(path: path, reason: "it is read-only; nothing was changed")
    }
    // What `write` does first. The right to write says little: /proc has it, and a device.
    do {
      let trial = temporary(path)
      try FileDescriptor.open(
        FilePath(trial), .writeOnly, options: [.create, .closeOnExec],
        permissions: .ownerReadWrite
      ).close()
      unlink(trial)
    } catch { throw .unwritable(path: path, reason: "\(error); nothing was changed") }
  }

  /// - Throws: `LabError.unwritable` where no file can be written at a path. Makes its folder.
  static func expectTarget(_ path: String) throws(LabError) {
    if isFolder(path) { throw .unwritable(path: path, reason: "it is a folder") }
    if isStream(path) { return }
    try createFolder(of: path)
    try expectWritable(path)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Names in a folder, sorted; none where it does not exist.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Paths of the files below a folder, without the folder's own, sorted.
  static func paths(below folder: String) -> [String] {
    names(in: folder).flatMap { name in
      isFolder("\(folder)/\(name)")
        ? paths(below: "\(folder)/\(name)").map { "\(name)/\($0)" } : [name]
    }
  }

  /// Makes the names of new files survive a power failure, as `write` does with their bytes.
  static func secureNames(below folder: String) throws(LabError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      let reason = "\(Errno(rawValue: errno))"
      if descriptor >= 0 { close(descriptor) }
      throw .unwritable(path: folder, reason: reason)
    }
    close(descriptor)
    for name in names(in: folder) where isFolder("\(folder)/\(name)") {
      try secureNames(below: "\(folder)/\(name)")
    }
  }

  static func createFolder(of path: String) throws(LabError) {
    let folder = FilePath(path).removingLastComponent()
    var built = folder.isAbsolute ? FilePath("/") : FilePath("")
    for component in folder.components {
      built.append(component)
      if mkdir(built.string, 0o777) != 0 && errno != EEXIST {
        throw .unwritable(path: built.string, reason: "\(Errno(rawValue: errno))")
      }
    }
  }
}
