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
    let source = try template.withLock { template throws -> ScratchFolder in
      if let filled = template { return filled }
      let folder = try ScratchFolder(bytes: bytes)
      var settings = ShopSettings(folder: folder.path)
      settings.isDurable = false
      try Shop(settings).stop()
      template = folder
      return folder
    }
    let folder = try ScratchFolder(bytes: bytes)
    try FileTree.copy(source.file("shop.db"), to: folder.file("shop.db"))
    return folder
  }
}
