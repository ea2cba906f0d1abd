import Glibc

/// A format of pictures with its quality, 0 to 100. Its library is opened when it is needed: perflab
/// builds without it.
public enum PictureCodec: Sendable, Hashable {
  /// By libjpeg-turbo, colours at half the resolution (4:2:0).
  case jpeg(quality: Int)
  /// By libwebp, lossy.
  case webp(quality: Int)

  /// The library that it needs.
  public var library: String {
    switch self {
    case .jpeg: TurboJPEG.file
    case .webp: WebP.file
    }
  }

  /// A picture in this format.
  /// - Throws: `PictureError` where the library is missing or refuses.
  public func encoded(_ picture: Picture) throws(PictureError) -> [UInt8] {
    switch self {
    case .jpeg(let quality): try TurboJPEG.shared.get().encoded(picture, quality)
    case .webp(let quality): try WebP.shared.get().encoded(picture, quality)
    }
  }

  /// The picture of what `encoded` gave.
  /// - Parameter size: of the picture, in pixels.
  public func decoded(_ bytes: [UInt8], size: (width: Int, height: Int)) throws(PictureError)
    -> Picture
  {
    var pixels = [UInt8](repeating: 0, count: 3 * size.width * size.height)
    switch self {
    case .jpeg: try TurboJPEG.shared.get().decode(bytes, into: &pixels, size)
    case .webp: try WebP.shared.get().decode(bytes, into: &pixels, size)
    }
    return Picture(width: size.width, height: size.height, bytes: pixels)
  }

  /// The lowest quality of a format at which a picture is at least as similar to itself as another
  /// format makes it (`Picture.similarity`).
  /// - Parameter format: makes a codec of a quality.
  public static func quality(
    of format: (Int) -> PictureCodec, asGoodAs similarity: Double, for picture: Picture
  ) throws(PictureError) -> Int {
    var (low, high) = (1, 100)
    while low < high {
      let middle = (low + high) / 2
      let codec = format(middle)
      let again = try codec.decoded(
        codec.encoded(picture), size: (picture.width, picture.height))
      if picture.similarity(to: again) < similarity { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A library of pictures is missing or refuses.
public struct PictureError: Error, CustomStringConvertible {
  /// What it says.
  public let description: String
}

/// Functions of a library that is opened at run time.
struct OpenedLibrary {
  private let handle: UnsafeMutableRawPointer
  private let file: String

  init(_ file: String) throws(PictureError) {
    guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else {
      throw PictureError(description: dlerror().map { String(cString: $0) } ?? file)
    }
    (self.handle, self.file) = (handle, file)
  }

  /// - Parameter type: the function's signature in the library's header, which nothing checks.
  func function<F>(_ name: String, as type: F.Type) throws(PictureError) -> F {
    guard let symbol = dlsym(handle, name) else {
      throw PictureError(description: "\(file) has no \(name)")
    }
    // SAFETY: the caller gives the function's signature.
    return unsafeBitCast(symbol, to: F.self)
  }
}
