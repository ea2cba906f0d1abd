import Harness
import Results
import Shop

/// What the Shop carries on this machine: numbers that need its packages.
public let shopNumbers: [Probe] = [
  Probe(
    "shop.request", group: "The Shop", title: "A request of a visitor",
    method:
      "16 visitors without think time, the Shop on one processor: the inverse of its capacity",
    needs: [.cores(2), .storage(bytes: ShopBench.needed)], value: ShopBench.requests, smoke: 4,
    startsThreads: true, reading: { .operations(Double($0)) },
    variant: Variant(
      "visits", shows: [], prepare: { try ShopBench($0, visits) }, run: { $0.serve() })
  ).of("scale")
]

/// Pages in TPC-W's shopping mix, as far as they only read.
private let visits: [String] = (0..<800).map { number in
  switch number * 37 % 80 {
  case 0..<37: ShopPaths.searches[number % ShopPaths.searches.count]
  case 37..<54: ShopPaths.products[number % ShopPaths.products.count]
  case 54..<75: ShopPaths.products[number % ShopPaths.products.count] + "/recommendations"
  default: "/images/\(number % DataSize.images)"
  }
}
