import FoundationEssentials
import Harness
import Techniques

/// What a shop asks before it shows a page: which of so many products a customer likes best.
struct Wish: Codable {
  var customer: Int
  var products: Int
}

/// What it is answered.
struct Suggestion: Codable, Equatable {
  var product: Int
  var score: Int
}

/// Scores products by tastes, both as whole numbers, so that all ways to ask agree.
struct Recommender: Sendable {
  private static let traits = 16
  private let tastes: [Int32]

  init(_ point: Point) {
    var random = point.generator()
    tastes = (0..<1_024 * Self.traits).map { _ in Int32.random(in: -100...100, using: &random) }
  }

  /// - Returns: the best of the first products, of which there are some thousand different ones.
  @inline(never)
  func best(for wish: Wish) -> Suggestion {
    tastes.withUnsafeBufferPointer { tastes in
      let own = wish.customer % 1_024 * Self.traits
      var best = Suggestion(product: 0, score: .min)
      for product in 0..<wish.products {
        let other = product % 1_024 * Self.traits
        var score: Int32 = 0
        for trait in 0..<Self.traits { score &+= tastes[own + trait] &* tastes[other + trait] }
        if Int(score) > best.score { best = Suggestion(product: product, score: Int(score)) }
      }
      return best
    }
  }
}

/// A question or an answer as bytes.
enum MessageForm: Sendable {
  case json, fixed

  func bytes(_ wish: Wish) -> [UInt8] { bytes(wish, [wish.customer, wish.products]) }

  func bytes(_ suggestion: Suggestion) -> [UInt8] {
    bytes(suggestion, [suggestion.product, suggestion.score])
  }

  func wish(_ bytes: [UInt8]) -> Wish {
    switch self {
    case .json: decoded(bytes)
    case .fixed: Wish(customer: Self.word(bytes, 0), products: Self.word(bytes, 1))
    }
  }

  func suggestion(_ bytes: [UInt8]) -> Suggestion {
    switch self {
    case .json: decoded(bytes)
    case .fixed: Suggestion(product: Self.word(bytes, 0), score: Self.word(bytes, 1))
    }
  }

  private func bytes(_ value: some Encodable, _ words: [Int]) -> [UInt8] {
    switch self {
    case .json: orEnd { Array(try JSONEncoder().encode(value)) }
    case .fixed: words.withUnsafeBytes { Array($0) }
    }
  }

  private func decoded<Value: Decodable>(_ bytes: [UInt8]) -> Value {
    orEnd { try JSONDecoder().decode(Value.self, from: Data(bytes)) }
  }

  private static func word(_ bytes: [UInt8], _ index: Int) -> Int {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8 * index, as: Int.self) }
  }
}
