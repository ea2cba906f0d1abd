import Platform
import Synchronization

/// Files of blocks that all of a process read, made once for each size, in a scratch folder that goes
/// with the process.
public enum SharedBlocks {
  private struct State: Sendable {
    var folder: ScratchFolder?
    var files: [Int: BlockFile] = [:]
  }

  private static let state = Mutex(State())

  /// A file of so many bytes, a multiple of a mebibyte.
  /// - Throws: `ScratchError` or `DiskError`: there is no space, or the folder can't be written.
  public static func file(bytes: Int) throws -> BlockFile {
    try state.withLock { state throws -> BlockFile in
      if let file = state.files[bytes] { return file }
      let folder = try state.folder ?? ScratchFolder(bytes: bytes)
      state.folder = folder
      let blocks = bytes / BlockFile.blockBytes
      let file = try BlockFile(folder.file("blocks-\(blocks)"), blocks: blocks)
      state.files[bytes] = file
      return file
    }
  }
}
