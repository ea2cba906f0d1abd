import Results
import Testing

@testable import Harness

private func probe(_ name: String, role: Probe.Role = .number, group: String = "a") -> Probe {
  Probe(
    name, role: role, group: group, title: name, method: "m", reading: { _ in .operations(1) },
    variant: Variant(name, shows: [], prepare: { _ in 0 }, run: { $0 }))
}

private let catalog = NumberCatalog(
  probes: [
    probe("one"), probe("other", group: "b"), probe("part", role: .ingredient),
    probe("s.2", role: .point(series: "s", x: 2, y: nil)),
    probe("s.1", role: .point(series: "s", x: 1, y: nil)),
  ],
  derived: [
    DerivedNumber(
      "difference", group: "a", title: "d", method: "m", from: ["one", "part"],
      compute: { $0[0] - $0[1] })
  ],
  series: [
    ProbeSeries(
      "s", title: "s", unit: .nanoseconds, method: "m", x: SeriesAxis("x", unit: .bytes))
  ])

private func record(_ values: [[String: Double]]) -> NumberRecord {
  var record = NumberRecord(catalog)
  for (round, values) in values.enumerated() {
    for (name, value) in values {
      record.append(ProbeSampler.Value(name: name, value: value), round: round)
    }
  }
  return record
}

@Suite struct NumberRecordTests {
  @Test func theNumberIsTheMedianAndTheIntervalRunsFromLowestToHighest() throws {
    let values = [5.0, 1, 3, 2, 6, 4].map { ["one": $0] }
    let entry = try #require(record(values).entries.first { $0.name == "one" })
    #expect(entry.quantity?.interval == Interval(estimate: 3.5, low: 1, high: 6))
    #expect(entry.values == [5, 1, 3, 2, 6, 4])
  }

  @Test func derivedNumbersAreComputedProcessByProcess() throws {
    let values = [["one": 5.0, "part": 1], ["one": 7, "part": 4], ["one": 9, "part": 4]]
    let entry = try #require(record(values).entries.first { $0.name == "difference" })
    #expect(entry.values == [4, 3, 5])
    #expect(entry.quantity?.estimate == 4)
  }

  @Test func whatIsWideIsMeasuredAgainWithAllThatItIsDerivedFrom() {
    let narrow = record((0..<6).map { ["one": 100 + Double($0), "other": 10] })
    #expect(narrow.imprecise(beyond: 0.05).isEmpty)
    let wide = record((0..<6).map { ["one": 100 + Double($0), "other": 10 + Double($0)] })
    #expect(wide.imprecise(beyond: 0.05) == ["other"])
    let difference = record((0..<6).map { ["one": 100, "part": 90 + Double($0)] })
    #expect(difference.imprecise(beyond: 0.05) == ["one", "part"])
  }

  private func gauged(_ additions: [Double]) -> NumberRecord {
    var record = NumberRecord(catalog)
    for (round, additions) in additions.enumerated() {
      // Half of a core takes twice as long.
      for name in ["one", "s.1"] {
        record.append(
          ProbeSampler.Value(
            name: name, value: 12 / additions, additionsPerCycle: [additions]), round: round)
      }
    }
    return record
  }

  @Test func valuesOfASharedCoreAreLeftOutWhereThreeOthersRemain() throws {
    let enough = gauged([4, 2, 2, 3.9, 2, 4])
    let entry = try #require(enough.entries.first { $0.name == "one" })
    #expect(entry.quantity?.estimate == 3 && entry.quantity?.low == 3)
    #expect(entry.sharedProcesses == 3 && entry.omitsShared)
    #expect(enough.series.first?.points.first?.quantity.estimate == 3)
    #expect(enough.imprecise(beyond: 0.05).isEmpty)
    let few = gauged([4, 2, 2, 2, 2, 4])
    let doubtful = try #require(few.entries.first { $0.name == "one" })
    // The three least shared: 3, 3 and one of 6.
    #expect(doubtful.quantity?.estimate == 3 && doubtful.quantity?.high == 6)
    #expect(doubtful.sharedProcesses == 4 && !doubtful.omitsShared)
    #expect(few.imprecise(beyond: 0.05) == ["one", "s.1"])
  }

  @Test func aNumberIsSharedWhereAnyThatItIsDerivedFromWas() throws {
    var record = gauged([4, 4, 4, 4])
    for round in 0..<4 {
      record.append(
        ProbeSampler.Value(
          name: "part", value: 1, additionsPerCycle: [round == 0 ? 2 : 4]), round: round)
    }
    let entry = try #require(record.entries.first { $0.name == "difference" })
    #expect(entry.sharedProcesses == 1 && entry.omitsShared && entry.quantity?.estimate == 2)
  }

  @Test func aNumberWithoutAValueSaysWhy() throws {
    var record = record([["one": 1]])
    record.append(
      ProbeSampler.Value(name: "part", value: nil, missing: "no such unit"), round: 0)
    let entry = try #require(record.entries.first { $0.name == "difference" })
    #expect(entry.quantity == nil)
    #expect(entry.missing == "no such unit")
  }

  @Test func aValueThatIsNotFiniteCountsAsNone() throws {
    let entry = try #require(record([["one": .infinity]]).entries.first { $0.name == "one" })
    #expect(entry.quantity == nil)
    #expect(entry.missing != nil)
  }

  @Test func theClockOfANumberIsThatOfWhatItWasTakenFrom() {
    var found = NumberRecord(catalog)
    for (round, cycle) in [0.2, 0.3, 0.4].enumerated() {
      found.append(.init(name: "one", value: 2, cycle: cycle), round: round)
      found.append(.init(name: "part", value: 1, cycle: cycle + 0.05), round: round)
    }
    let cycles = Dictionary(uniqueKeysWithValues: found.entries.map { ($0.name, $0.cycle) })
    #expect(cycles["one"] == 0.3)
    #expect(abs(((cycles["difference"] ?? nil) ?? 0) - 0.325) < 1e-9)
    #expect(cycles["other"] == .some(nil))
  }

  @Test func ingredientsAreNotShownAndGroupsStayTogether() {
    #expect(record([]).entries.map(\.name) == ["one", "difference", "other"])
  }

  @Test func pointsOfASeriesStandInOrder() {
    let series = record([["s.1": 10, "s.2": 20]]).series
    #expect(series.map { $0.points.map(\.x) } == [[1, 2]])
    #expect(series[0].points.map(\.quantity.estimate) == [10, 20])
  }
}

@Suite struct ReadingTests {
  @Test func timeBecomesNanosecondsAnOperation() {
    #expect(Probe.Reading.operations(4).value(nanoseconds: 10, reports: { [:] }) == 2.5)
  }

  @Test func timeBecomesAmountASecond() {
    #expect(Probe.Reading.rate(64).value(nanoseconds: 2, reports: { [:] }) == 32e9)
  }

  @Test func aReportStandsForItself() {
    let reports = ["depth": Counter(7, unit: .count)]
    #expect(Probe.Reading.reported("depth").value(nanoseconds: 1, reports: { reports }) == 7)
    #expect(Probe.Reading.reported("other").value(nanoseconds: 1, reports: { reports }) == nil)
  }

  @Test func anAreasNumbersStandByThemselves() {
    let all = NumberCatalog(
      probes: [probe("one"), probe("sent").of("network"), probe("flush").of("storage")],
      derived: [
        DerivedNumber(
          "twice", group: "a", title: "d", method: "m", from: ["sent"], compute: { 2 * $0[0] })
      ],
      series: [], borrowed: ["cost": ["storage"]])
    #expect(all.areas == ["network", "storage"])
    #expect(all.part(of: []).probes.map(\.name) == ["one"])
    #expect(all.part(of: []).derived.isEmpty)
    let network = all.part(of: ["network"], withGeneral: false)
    #expect(network.probes.map(\.name) == ["sent"] && network.derived.map(\.name) == ["twice"])
    var record = NumberRecord(network)
    record.append(ProbeSampler.Value(name: "sent", value: 3), round: 0)
    #expect(record.entries.map(\.area) == ["network", "network"])
  }
}
