import Glibc
import NIOCore
import Platform

/// Pictures of the products, in files.
final class Images: Sendable {
  private let folder: String
  private let delivery: ShopSettings.ImageDelivery
  private let handles: [NIOFileHandle]

  /// Makes the files where there are none.
  init(_ settings: ShopSettings) throws(ShopRefused) {
    folder = "\(settings.folder)/images"
    delivery = settings.imageDelivery
    mkdir(folder, 0o755)
    var handles: [NIOFileHandle] = []
    for image in 0..<DataSize.images {
      let path = Self.path(of: image, in: folder)
      try Self.make(image, at: path)
      guard delivery == .sendfile else { continue }
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw .folder(path, reason: SystemError.describe(errno))
      }
      handles.append(NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor))
    }
    self.handles = handles
  }

  deinit { for handle in handles { try? handle.close() } }

  /// - Throws: `RequestError` 404 where there is none.
  func body(of image: Int) throws -> ShopResponse.Body {
    guard (0..<DataSize.images).contains(image) else {
      throw RequestError.unknown("image \(image)")
    }
    let bytes = DataSize.bytes(ofImage: image)
    if delivery == .sendfile {
      return .file(FileRegion(fileHandle: handles[image], readerIndex: 0, endIndex: bytes))
    }
    return .bytes(try read(image, bytes))
  }

  private func read(_ image: Int, _ bytes: Int) throws -> ByteBuffer {
    let file = open(Self.path(of: image, in: folder), O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw RequestError.unavailable("image \(image) can't be read") }
    defer { close(file) }
    var buffer = ByteBufferAllocator().buffer(capacity: bytes)
    try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes) { place in
      let count = Glibc.read(file, place.baseAddress, bytes)
      guard count == bytes else {
        throw RequestError.unavailable("image \(image) can't be read")
      }
      return count
    }
    return buffer
  }

  private static func path(of image: Int, in folder: String) -> String {
    "\(folder)/\(image)"
  }

  /// Bytes that do not compress, like those of a photograph.
  private static func make(_ image: Int, at path: String) throws(ShopRefused) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if file < 0 && errno == EEXIST { return }
    guard file >= 0 else { throw .folder(path, reason: SystemError.describe(errno)) }
    defer { close(file) }
    var state = UInt64(image) &+ 0x9E37_79B9_7F4A_7C15
    let words = (0..<DataSize.bytes(ofImage: image) / 8).map { _ -> UInt64 in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    let count = words.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    guard count == DataSize.bytes(ofImage: image) else {
      throw .folder(path, reason: SystemError.describe(errno))
    }
  }
}
