import Glibc
import Platform
import Shop

/// Folders with a Shop's seeded data: filled in once in a run, then copied.
enum ShopFolders {
  /// Bytes of scratch space of one.
  static let bytes = 64 << 20

  /// A folder of one's own.
  static func own() throws -> ScratchFolder {
    let folder = try ScratchFolder(bytes: bytes)
    try fill(folder.path)
    return folder
  }

  /// Copies the data into a folder.
  static func fill(_ folder: String) throws {
    let source = try ScratchFolder.shared(2_000, bytes: bytes) { folder in
      var settings = ShopSettings(folder: folder)
      settings.isDurable = false
      try Shop(settings).stop()
    }
    try FileTree.copy("\(source)/shop.db", to: "\(folder)/shop.db")
    // Nobody changes the pictures.
    symlink("\(source)/images", "\(folder)/images")
  }
}
