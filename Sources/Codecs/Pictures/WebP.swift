import Glibc

/// libwebp's simple interface.
///
/// Source of the signatures: `webp/encode.h` and `webp/decode.h`, whose ABI has not changed since
/// version 0.5.
struct WebP: Sendable {
  static let file = "libwebp.so.7"
  static let shared: Result<WebP, PictureError> = {
    do throws(PictureError) { return .success(try WebP()) } catch { return .failure(error) }
  }()

  typealias Bytes = UnsafeMutablePointer<UInt8>
  typealias Encode =
    @convention(c) (
      UnsafePointer<UInt8>?, Int32, Int32, Int32, Float, UnsafeMutablePointer<Bytes?>?
    ) -> Int
  typealias Decode =
    @convention(c) (UnsafePointer<UInt8>?, Int, Bytes?, Int, Int32) -> Bytes?

  private let encode: Encode
  private let decode: Decode
  private let free: @convention(c) (UnsafeMutableRawPointer?) -> Void

  private init() throws(PictureError) {
    let library = try OpenedLibrary(Self.file)
    encode = try library.function("WebPEncodeRGB", as: Encode.self)
    decode = try library.function("WebPDecodeRGBInto", as: Decode.self)
    free = try library.function(
      "WebPFree", as: (@convention(c) (UnsafeMutableRawPointer?) -> Void).self)
  }

  func encoded(_ picture: Picture, _ quality: Int) throws(PictureError) -> [UInt8] {
    var output: Bytes?
    let size = picture.bytes.withUnsafeBufferPointer { pixels in
      encode(
        pixels.baseAddress, Int32(picture.width), Int32(picture.height),
        Int32(3 * picture.width), Float(quality), &output)
    }
    defer { free(output) }
    guard size > 0, let output else {
      throw PictureError(description: "libwebp does not compress")
    }
    return Array(UnsafeBufferPointer(start: output, count: size))
  }

  func decode(
    _ bytes: [UInt8], into pixels: inout [UInt8], _ size: (width: Int, height: Int)
  ) throws(PictureError) {
    let decoded = bytes.withUnsafeBufferPointer { bytes in
      pixels.withUnsafeMutableBufferPointer { pixels in
        decode(
          bytes.baseAddress, bytes.count, pixels.baseAddress, pixels.count,
          Int32(3 * size.width))
      }
    }
    guard decoded != nil else { throw PictureError(description: "libwebp does not decompress") }
  }
}
