import Glibc

/// libjpeg-turbo's own interface.
///
/// Source of the signatures: `turbojpeg.h` of version 2, which version 3 keeps.
struct TurboJPEG: Sendable {
  static let file = "libturbojpeg.so.0"
  static let shared: Result<TurboJPEG, PictureError> = {
    do throws(PictureError) { return .success(try TurboJPEG()) } catch { return .failure(error) }
  }()

  typealias Make = @convention(c) () -> UnsafeMutableRawPointer?
  typealias Bytes = UnsafeMutablePointer<UInt8>
  typealias Compress =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, Int32, Int32, Int32, Int32,
      UnsafeMutablePointer<Bytes?>?, UnsafeMutablePointer<UInt>?, Int32, Int32, Int32
    ) -> Int32
  typealias Decompress =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt, Bytes?, Int32, Int32, Int32, Int32,
      Int32
    ) -> Int32

  private let makeCompressor, makeDecompressor: Make
  private let compress: Compress
  private let decompress: Decompress
  private let destroy: @convention(c) (UnsafeMutableRawPointer?) -> Int32
  private let free: @convention(c) (Bytes?) -> Void

  /// `TJPF_RGB` and `TJSAMP_420`.
  private static let (rgb, halved): (Int32, Int32) = (0, 2)

  private init() throws(PictureError) {
    let library = try OpenedLibrary(Self.file)
    makeCompressor = try library.function("tjInitCompress", as: Make.self)
    makeDecompressor = try library.function("tjInitDecompress", as: Make.self)
    compress = try library.function("tjCompress2", as: Compress.self)
    decompress = try library.function("tjDecompress2", as: Decompress.self)
    destroy = try library.function(
      "tjDestroy", as: (@convention(c) (UnsafeMutableRawPointer?) -> Int32).self)
    free = try library.function("tjFree", as: (@convention(c) (Bytes?) -> Void).self)
  }

  func encoded(_ picture: Picture, _ quality: Int) throws(PictureError) -> [UInt8] {
    let compressor = makeCompressor()
    defer { _ = destroy(compressor) }
    var (output, size): (Bytes?, UInt) = (nil, 0)
    let result = picture.bytes.withUnsafeBufferPointer { pixels in
      compress(
        compressor, pixels.baseAddress, Int32(picture.width), 0, Int32(picture.height), Self.rgb,
        &output, &size, Self.halved, Int32(quality), 0)
    }
    defer { free(output) }
    guard result == 0, let output else {
      throw PictureError(description: "libjpeg-turbo does not compress")
    }
    return Array(UnsafeBufferPointer(start: output, count: Int(size)))
  }

  func decode(
    _ bytes: [UInt8], into pixels: inout [UInt8], _ size: (width: Int, height: Int)
  ) throws(PictureError) {
    let decompressor = makeDecompressor()
    defer { _ = destroy(decompressor) }
    let result = bytes.withUnsafeBufferPointer { bytes in
      pixels.withUnsafeMutableBufferPointer { pixels in
        decompress(
          decompressor, bytes.baseAddress, UInt(bytes.count), pixels.baseAddress,
          Int32(size.width), 0, Int32(size.height), Self.rgb, 0)
      }
    }
    guard result == 0 else {
      throw PictureError(description: "libjpeg-turbo does not decompress")
    }
  }
}
