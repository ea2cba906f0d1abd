/// How much a Shop sells. The same size is the same data on every machine.
public enum DataSize: String, CaseIterable, Sendable {
  case small, medium, large

  /// With the ids from 1.
  public var products: Int {
    switch self {
    case .small: 1_000
    case .medium: 10_000
    case .large: 100_000
    }
  }

  /// Orders of the past, with the ids from 1: what recommendations are computed from.
  public var orders: Int { 2 * products }

  /// Rows of the table that a search looks in: a title has three words.
  public var words: Int { products * SeededData.wordsOfATitle }

  /// Titles that have a word, in the mean.
  public var matches: Int { words / SeededData.words.count }

  /// Image files; product p has image p modulo this.
  public static let images = 32

  /// Bytes of an image.
  public static func bytes(ofImage image: Int) -> Int { (16 + image % 5 * 8) << 10 }
}
