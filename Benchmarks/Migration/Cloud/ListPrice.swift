import Prices

/// Prices of AWS in simulations, where a figure is no term.
enum ListPrice {
  /// Dollars for one of the price's unit; not a number where the lists have none of this name.
  static func dollars(_ name: String) -> Double {
    PriceBook.current.price(name, of: "AWS")?.dollars ?? .nan
  }

  /// Dollars a month of two cores.
  static var twoCores: Double { 730 * dollars("compute.c7g.large") }
}
