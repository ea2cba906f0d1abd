import Codecs
import Harness
import Results

/// What formats make of a seeded picture, and how fast: what it costs to send pictures depends on
/// both. A camera's picture is shown at a third of its size each way.
enum PictureRates {
  private static let group = "Pictures"
  private static let shown = 3
  private static let (width, height) = (768, 576)
  private static let upload = PictureCodec.jpeg(quality: 92)
  private static let usual = PictureCodec.jpeg(quality: 80)

  private static let original = Picture.photo(width: width, height: height, seed: 20)
  private static let small = original.shrunk(by: shown)

  /// WebP of the quality at which it is as similar to the picture as the usual JPEG is.
  private static func modern() throws -> PictureCodec {
    let again = try usual.decoded(usual.encoded(small), size: (small.width, small.height))
    let quality = try PictureCodec.quality(
      of: { .webp(quality: $0) }, asGoodAs: small.similarity(to: again), for: small)
    return .webp(quality: quality)
  }

  static let probes =
    [
      ratio("picture.upload.ratio", "A camera's picture, JPEG 92: ratio", { upload }, original),
      ratio("picture.jpeg.ratio", "The same as it is shown, JPEG 80: ratio", { usual }, small),
      ratio(
        "picture.webp.ratio", "As it is shown, WebP of the same similarity: ratio", modern, small),
      rate("picture.decode", "A camera's picture: decoding") {
        let bytes = try upload.encoded(original)
        return { try upload.decoded(bytes, size: (width, height)).bytes.count }
      },
      rate("picture.shrink", "A camera's picture: shrinking to a third") {
        { original.shrunk(by: shown).bytes.count }
      },
      rate("picture.jpeg", "As it is shown: JPEG 80", isShrunk: true) {
        { try usual.encoded(small).count }
      },
      rate("picture.webp", "As it is shown: WebP of the same similarity", isShrunk: true) {
        let codec = try modern()
        return { try codec.encoded(small).count }
      },
    ]

  /// Bytes of the pixels ÷ what they come to, which is the same at each call.
  private static func ratio(
    _ name: String, _ title: String, _ codec: @escaping @Sendable () throws -> PictureCodec,
    _ picture: @autoclosure @escaping @Sendable () -> Picture
  ) -> Probe {
    Probe(
      name, group: group, title: title, unit: .count,
      method: "three bytes for each pixel of a seeded photo ÷ what they come to",
      needs: needs, reading: { _ in .reported("ratio") },
      variant: Variant(
        name, shows: [],
        prepare: { _ in
          let picture = picture()
          return Double(picture.bytes.count) / Double(try codec().encoded(picture).count)
        },
        report: { ["ratio": Counter($0, unit: .count)] }, run: { $0 }))
  }

  private static func rate(
    _ name: String, _ title: String,
    isShrunk: Bool = false,
    prepare: @escaping @Sendable () throws -> () throws -> Int
  ) -> Probe {
    Probe(
      name, group: group, title: title, unit: .bytesPerSecond,
      method: "three bytes for each pixel of a seeded photo",
      needs: needs,
      reading: { _ in .rate(Double(3 * width * height / (isShrunk ? shown * shown : 1))) },
      variant: Variant(
        name, shows: [], prepare: { _ in try prepare() },
        run: { body in
          do { return try body() } catch { fatalError("\(name): \(error)") }
        }))
  }

  private static let needs: [Requirement] = [
    .library(upload.library, package: "libturbojpeg0"),
    .library(PictureCodec.webp(quality: 80).library, package: "libwebp7"),
  ]
}
