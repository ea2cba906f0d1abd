import CPerflab
import Glibc

/// What a command writes. It goes to a file in memory: the reader of a pipe would run beside the
/// command and be part of its time. The beginning of a long output is digested and given back while
/// the command runs, so that one without an end needs no more memory than its last megabytes.
struct CommandOutput {
  let descriptor: Int32
  /// Bytes that are digested and given back.
  private var taken = 0
  private var hash = ByteDigest.ofNone

  /// At the end of the file, for last words; in whole pages.
  static let kept = 1 << 20
  /// Unread beyond this, a command waits until it is read, as at a pipe that is full.
  private static let most = 64 << 20

  /// Into memory, or to `/dev/null`.
  init(isKept: Bool) {
    descriptor = isKept ? perflab_memory_file("output") : open("/dev/null", O_WRONLY | O_CLOEXEC)
  }

  private var size: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  var isBehind: Bool { size - taken > Self.most }

  /// Digests a megabyte and gives it back.
  /// - Returns: false where there is none but the end.
  mutating func take() -> Bool {
    let start = taken
    guard size - start >= 2 * Self.kept else { return false }
    digest(upTo: start + Self.kept)
    perflab_empty(descriptor, Int64(start), Int64(taken - start))
    return taken > start
  }

  /// Of all, once the command has ended.
  func digest() -> Command.OutputDigest {
    var whole = self
    let size = size
    whole.digest(upTo: size)
    return Command.OutputDigest(bytes: size, hash: whole.hash)
  }

  private mutating func digest(upTo end: Int) {
    var bytes = [UInt8](repeating: 0, count: min(1 << 16, max(0, end - taken)))
    while taken < end {
      let count = pread(descriptor, &bytes, min(bytes.count, end - taken), off_t(taken))
      // The command itself may have made it shorter.
      guard count > 0 else { return }
      hash = bytes.withUnsafeBytes { ByteDigest.of(.init(rebasing: $0.prefix(count)), after: hash) }
      taken += count
    }
  }

  /// The last of it, at most so many bytes and not more than are kept.
  func end(bytes limit: Int) -> String {
    let size = size
    let start = max(0, size - min(limit, Self.kept))
    var bytes = [UInt8](repeating: 0, count: size - start)
    let count = pread(descriptor, &bytes, bytes.count, off_t(start))
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
