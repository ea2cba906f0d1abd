/// A value that refers to accounts.
protocol Order {
  var buyer: Account { get }
  var amount: Int { get }
}

/// An object that several orders refer to.
final class Account: Sendable {
  let limit: Int
  private init(_ limit: Int) { self.limit = limit }

  /// Makes orders from four accounts and an amount each. There are as many accounts as orders, and
  /// those of an order lie far apart.
  static func orders<Element: Order>(
    _ count: Int, _ order: ([Account], Int) -> Element
  ) -> [Element] {
    let accounts = (0..<count).map { Account($0 & 0xff) }
    return (0..<count).map { index in
      order((0..<4).map { accounts[(index + $0 * 129) % count] }, index)
    }
  }
}
