import Codecs
import Glibc
import Testing

/// Pictures from seeds, and the libraries that encode them where they are installed.
@Suite struct PictureTests {
  private let photo = Picture.photo(width: 96, height: 64, seed: 1)

  @Test func theSameSeedGivesTheSamePicture() {
    #expect(photo == Picture.photo(width: 96, height: 64, seed: 1))
    #expect(photo != Picture.photo(width: 96, height: 64, seed: 2))
  }

  @Test func shrinkingTakesTheMeanOfSquares() {
    let bytes: [UInt8] = [0, 10, 20, 100, 10, 21, 0, 10, 22, 100, 14, 21]
    let picture = Picture(width: 2, height: 2, bytes: bytes)
    #expect(picture.shrunk(by: 2).bytes == [50, 11, 21])
    #expect(picture.shrunk(by: 1) == picture)
    // What is beyond a whole square is cut off.
    #expect(photo.shrunk(by: 5).width == 19)
  }

  @Test func similarityFallsWithTheDifference() {
    #expect(photo.similarity(to: photo) == 1)
    func coarse(_ step: UInt8) -> Picture {
      Picture(width: 96, height: 64, bytes: photo.bytes.map { $0 / step * step })
    }
    #expect(photo.similarity(to: coarse(8)) > photo.similarity(to: coarse(64)))
    #expect(photo.similarity(to: coarse(64)) < 0.9)
  }

  @Test(
    "formats give the picture back, better at a higher quality",
    arguments: [PictureCodec.jpeg(quality: 30), .webp(quality: 30)])
  func formats(coarse: PictureCodec) throws {
    guard dlopen(coarse.library, RTLD_NOW) != nil else { return }
    let fine: PictureCodec =
      if case .jpeg = coarse { .jpeg(quality: 90) } else { .webp(quality: 90) }
    let encoded = try [coarse, fine].map { try $0.encoded(photo) }
    #expect(encoded[0].count < encoded[1].count && encoded[1].count < photo.bytes.count)
    let similarities = try zip([coarse, fine], encoded).map { codec, bytes in
      photo.similarity(to: try codec.decoded(bytes, size: (96, 64)))
    }
    #expect(similarities[0] < similarities[1] && similarities[0] > 0.5)
    let quality = try PictureCodec.quality(
      of: { if case .jpeg = coarse { .jpeg(quality: $0) } else { .webp(quality: $0) } },
      asGoodAs: similarities[0], for: photo)
    #expect(quality <= 31 && quality > 10)
    #expect(throws: PictureError.self) { try fine.decoded([1, 2, 3], size: (96, 64)) }
  }
}
