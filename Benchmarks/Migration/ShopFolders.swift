import Glibc
import Platform
import Shop
import Synchronization

/// Folders with a Shop's seeded data: filled in once per process, then copied.
enum ShopFolders {
  /// Bytes of scratch space of one.
  static let bytes = 64 << 20

  private static let template = Mutex<ScratchFolder?>(nil)

  /// A folder of one's own.
  static func own() throws -> ScratchFolder {
    let folder = try ScratchFolder(bytes: bytes)
    try fill(folder.path)
    return folder
  }

  /// Copies the data into a folder.
  static func fill(_ folder: String) throws {
    let source = try template.withLock { template throws -> ScratchFolder in
      if let filled = template { return filled }
      let folder = try ScratchFolder(bytes: bytes)
      var settings = ShopSettings(folder: folder.path)
      settings.isDurable = false
      try Shop(settings).stop()
      template = folder
      return folder
    }
    try FileTree.copy(source.file("shop.db"), to: "\(folder)/shop.db")
    // Nobody changes the pictures.
    symlink(source.file("images"), "\(folder)/images")
  }
}
