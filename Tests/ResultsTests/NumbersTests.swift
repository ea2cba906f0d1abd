import Testing

@testable import Results

@Suite struct NumbersTests {
  @Test func anAreasNumbersAreReplacedAndTheOthersStay() {
    var numbers = Self.numbers(["general": nil, "sent": "network", "old": "storage"])
    numbers.take(["storage"], from: Self.numbers(["flush": "storage"]))
    #expect(numbers.entries.map(\.name).sorted() == ["flush", "general", "sent"])
    #expect(numbers.areas == ["network": "0", "storage": "0"])
    #expect(numbers.wallSeconds == 2)
  }

  private static func numbers(_ entries: [String: String?]) -> Numbers {
    Numbers(
      run: Runs.run(""), machine: Runs.machine, fingerprint: "f",
      areas: Dictionary(
        uniqueKeysWithValues: Set(entries.values.compactMap { $0 }).map { ($0, "0") }),
      processes: 6, wallSeconds: 1,
      entries: entries.map { name, area in
        NumberEntry(
          name: name, group: "g", title: name, method: "m", area: area,
          quantity: Quantity(Runs.around(1, by: 1), unit: .nanoseconds))
      }, series: [])
  }
}
