import Shop
import Statistics

/// Sessions of a mix, and of customers as a model has them.
final class TrafficSource {
  private var random: SeededGenerator
  private static let words = [
    "lamp", "mirror", "oven", "table", "kite", "amber", "glove", "vase", "quilt", "radio",
  ]
  /// Requests of a visitor of the mix.
  private static let length = 10

  init(_ seed: UInt64) { random = SeededGenerator(seed: seed, stream: 0x7EA) }

  private func chance(_ share: Double) -> Bool { random.share() < share }

  private func count(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  private func word() -> String { Self.words.randomElement(using: &random)! }

  /// Popular ones more often.
  private func product() -> Int {
    let share = random.share()
    return 1 + Int(share * share * Double(DataSize.small.products))
  }

  /// Each step by itself, by TPC-W's shares for shopping; without pictures, which no regression
  /// touches.
  func mixed() -> VisitScript {
    let shares = SessionMix.shopping.shares.filter { $0.step != .image }
    let all = shares.reduce(0) { $0 + $1.weight }
    var (script, isFull, hasOrder) = (VisitScript(), false, false)
    for _ in 0..<Self.length {
      var rest = random.share() * all
      let share = shares.first { share in
        rest -= share.weight
        return rest < 0
      }
      switch share?.step ?? .product {
      case .search: script.steps.append(.search(word: word()))
      case .recommendations: script.steps.append(.recommendations(product()))
      case .cart where isFull: script.steps.append(.cart)
      case .checkout where isFull:
        script.steps.append(.checkout)
        (isFull, hasOrder) = (false, true)
      case .order where hasOrder: script.steps.append(.order)
      case .addToCart, .cart, .checkout:
        script.steps.append(.add(product: product(), pieces: 1))
        isFull = true
      default: script.steps.append(.product(product()))
      }
    }
    return script
  }

  /// A customer: three in a hundred are businesses, more than half only look.
  func recorded() -> VisitScript {
    var script = VisitScript()
    if chance(0.03) {
      buyForABusiness(&script)
    } else {
      look(&script)
      if chance(0.4) { buy(&script) }
    }
    return script
  }

  /// All sessions of a day, in the order in which they came.
  func day() -> [VisitScript] { (0..<1_000).map { _ in recorded() } }

  private func look(_ script: inout VisitScript) {
    if chance(0.02) {
      // An old link, to a product that is gone.
      script.steps.append(.product(DataSize.small.products + count(1...40)))
    }
    for _ in 0..<count(1...3) {
      if chance(0.6) {
        let word = word()
        script.steps.append(.search(word: word))
        if chance(0.08) { script.steps.append(.nextPage(word: word)) }
      }
      script.steps.append(.product(product()))
      if chance(0.2) { script.steps.append(.recommendations(product())) }
    }
  }

  private func buy(_ script: inout VisitScript) {
    let products = (0..<count(1...3)).map { _ in product() }
    for product in products { script.steps.append(.add(product: product, pieces: 1)) }
    if chance(0.1) { script.steps.append(.add(product: products[0], pieces: count(2...4))) }
    script.steps.append(.cart)
    guard chance(0.6) else { return }
    if chance(0.1) { script.steps.append(.search(word: word())) }
    script.steps.append(.checkout)
    if chance(0.04) { script.steps.append(.checkoutAgain) }
    if chance(0.2) { script.steps.append(.order) }
    guard chance(0.06) else { return }
    let again = chance(0.4) ? products[0] : product()
    script.steps += [.add(product: again, pieces: 1), .cart, .checkout]
  }

  private func buyForABusiness(_ script: inout VisitScript) {
    let pieces = count(2...20)
    for _ in 0..<count(5...14) { script.steps.append(.add(product: product(), pieces: pieces)) }
    script.steps += [.cart, .checkout, .order]
  }
}
