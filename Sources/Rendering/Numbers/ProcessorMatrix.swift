import Results

/// A series between two processors as a square: in both directions the same processors, those of a
/// package and NUMA node beside each other, with lines between the groups and, where there are many,
/// the median of each group with each.
struct ProcessorMatrix {
  private let team: [TeamProcessor]
  /// The measured members, in the order of the square.
  private let members: [Int]
  private let values: [[Int]: Double]

  /// Nil where the series is about something else, or it is not known which processors it means.
  init?(_ series: Series, _ team: [TeamProcessor]?) {
    guard let team, series.x.name == "processor", series.y?.name == "processor" else { return nil }
    var values: [[Int]: Double] = [:]
    for point in series.points {
      guard let y = point.y else { return nil }
      let pair = [Int(point.x), Int(y)]
      values[pair] = point.quantity.estimate
      values[pair.reversed()] = point.quantity.estimate
    }
    let measured = Set(values.keys.joined())
    guard measured.allSatisfy(team.indices.contains) else { return nil }
    self.team = team
    self.values = values
    members = measured.sorted { one, other in
      Self.key(team[one]).lexicographicallyPrecedes(Self.key(team[other]))
    }
  }

  private static func key(_ processor: TeamProcessor) -> [Int] {
    [processor.package ?? 0, processor.node ?? 0, processor.cpu]
  }

  /// Where each group begins; none where there is only one.
  private var groups: [(start: Int, label: String)] {
    let hasNodes = Set(members.map { team[$0].node }).count > 1
    let hasPackages = Set(members.map { team[$0].package }).count > 1
    guard hasNodes || hasPackages else { return [] }
    var groups: [(start: Int, label: String)] = []
    for (place, member) in members.enumerated() {
      let (own, before) = (team[member], place > 0 ? team[members[place - 1]] : nil)
      let isNewPackage = own.package != before?.package
      guard place == 0 || isNewPackage || own.node != before?.node else { continue }
      let node = hasNodes ? own.node.map { "node \($0)" } : nil
      let package = hasPackages && isNewPackage ? own.package.map { "package \($0)" } : nil
      groups.append((place, [package, node].compactMap { $0 }.joined(separator: ", ")))
    }
    return groups
  }

  /// The square. What was not measured stays empty.
  func drawing(_ series: Series, unit: Unit, machine: Machine) -> Drawing {
    let groups = groups
    let labels = members.map { String(team[$0].cpu) }
    let words = groups.map { "\($0.label) from processor \(labels[$0.start])" }
    return HeatMap(
      title: series.title, subtitle: machine.processor,
      description: ([series.method] + words).joined(separator: "; "), rowAxis: series.x.name,
      columnAxis: series.y?.name ?? "", unit: unit, rows: labels, columns: labels,
      cells: members.map { row in members.map { values[[row, $0]] } },
      landmarks: groups.map { ($0.start, $0.label) },
      dividers: groups.map(\.start).filter { $0 > 0 }, blocks: blocks(groups.map(\.start))
    ).drawing()
  }

  /// Of each group with each, the median of what was measured.
  func blocks(
    _ starts: [Int]
  ) -> [(rows: Range<Int>, columns: Range<Int>, value: Double)] {
    let ranges = zip(starts, starts.dropFirst() + [members.count]).map { $0..<$1 }
    return ranges.flatMap { rows in
      ranges.compactMap { columns in
        let found = rows.flatMap { row in
          columns.compactMap { values[[members[row], members[$0]]] }
        }.sorted()
        // Rendering has no statistics: of an even count the mean of both in the middle.
        return found.isEmpty
          ? nil : (rows, columns, (found[(found.count - 1) / 2] + found[found.count / 2]) / 2)
      }
    }
  }
}
