import Platform
import Synchronization

/// Files of blocks that all processes of a run read, made once for each size, in a scratch folder
/// that goes with the run.
public enum SharedBlocks {
  private static let files = Mutex<[Int: BlockFile]>([:])

  /// A file of so many bytes, a multiple of a mebibyte.
  /// - Throws: `ScratchError` or `DiskError`: there is no space, or the folder can't be written.
  public static func file(bytes: Int) throws -> BlockFile {
    try files.withLock { files throws -> BlockFile in
      if let file = files[bytes] { return file }
      let blocks = bytes / BlockFile.blockBytes
      // A run's other shared folders have smaller numbers.
      let folder = try ScratchFolder.shared(1_000 + (bytes >> 20), bytes: bytes) { folder in
        _ = try BlockFile("\(folder)/blocks", blocks: blocks)
      }
      let file = BlockFile(existing: "\(folder)/blocks", blocks: blocks)
      files[bytes] = file
      return file
    }
  }
}
