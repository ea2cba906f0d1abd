import Platform

/// A stored document's bytes. A document may lie there compressed, under its name and `.gz`: an
/// example is kept so. What is written is not, and takes the compressed one's place.
enum StoredFile {
  private static let ending = ".gz"

  /// The path, or that of the compressed file where only this is there; nil without either.
  static func place(_ path: String) -> String? {
    [path, path + ending].first(where: Files.exists)
  }

  /// The path of which a file is the compressed form, or the file itself.
  static func plain(_ path: String) -> String {
    path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path
  }

  /// - Parameter path: of a file that is there, compressed or not.
  static func read(_ path: String) throws(LabError) -> [UInt8] {
    let bytes = try Files.read(path)
    // The magic number of RFC 1952.
    guard bytes.starts(with: [0x1f, 0x8b]) else { return bytes }
    // Far above any run, and far below what would exhaust a small machine.
    do { return try Gzip.decompress(bytes, limit: 256 << 20) } catch {
      throw .damagedResults(path: path, reason: "\(error)")
    }
  }

  static func write(_ bytes: [UInt8], to path: String) throws(LabError) {
    try Files.write(bytes, to: path)
    Files.remove(path + ending)
  }

  /// Puts the compressed form in the place of a document.
  static func compress(_ path: String) throws(LabError) {
    let bytes = try Files.read(path)
    do { try Files.write(try Gzip.compress(bytes), to: path + ending) } catch {
      throw error as? LabError ?? .unwritable(path: path + ending, reason: "\(error)")
    }
    Files.remove(path)
  }

  /// Takes a document away, compressed or not.
  static func remove(_ path: String) {
    Files.remove(path)
    Files.remove(path + ending)
  }
}
