import Results

/// The page of many machines, in Markdown.
public enum GalleryPage {
  /// The same machines give the same bytes.
  public static func render(_ gallery: Gallery) -> String {
    [findings(gallery), "## All experiments\n", legend, matrix(gallery).render()]
      .joined(separator: "\n")
  }

  /// All but the matrix.
  static func findings(_ gallery: Gallery) -> String {
    [
      "# \(count(gallery))\n", summary(gallery),
      "## Machines\n", machines(gallery).render(), provenance(gallery),
      "## Faster here, slower there\n", turns(gallery), "## Where models fail\n",
      failures(gallery), divided(gallery), numbers(gallery),
    ].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  static let legend =
    "Speedup of each headline, with the prediction in brackets. No mark: faster; **bold**: slower; "
    + "`=`: the same within 2 %; `?`: unresolved; `!`: the measurement refuted the prediction; "
    + "`†`: of another headline. Columns are the machines' numbers in the list above.\n"

  /// `3 machines`
  static func count(_ gallery: Gallery) -> String {
    gallery.members.count == 1 ? "1 machine" : "\(gallery.members.count) machines"
  }

  static func summary(_ gallery: Gallery) -> String {
    let outcomes = gallery.members.flatMap { $0.outcomes.values }
    let predicted = outcomes.count { $0.predicted != nil }
    let refuted = outcomes.count { $0.isRefuted == true }
    let (all, turns) = (gallery.ids.count, gallery.turns.count)
    let counted = turns == 0 ? "none is" : turns == 1 ? "1 is" : "\(turns) are"
    let turned =
      gallery.members.count == 1
      ? "." : "; \(counted) faster on one machine and slower on another."
    return "\(all) \(all == 1 ? "experiment" : "experiments")\(turned)"
      + (predicted > 0 ? " \(refuted) of \(predicted) predictions were refuted." : "") + "\n"
  }

  static func machines(_ gallery: Gallery) -> Markdown.Table {
    var table = Markdown.Table()
    table.columns = [
      ("", .right), ("machine", .left), ("processor", .left), ("cores", .right), ("run", .left),
      ("preset", .left), ("experiments", .right), ("poor conditions", .left), ("results", .left),
    ]
    table.rows = gallery.members.enumerated().map { index, member in
      [
        String(index + 1), Markdown.text(member.name), Markdown.text(member.machine.processor),
        String(member.machine.cores), Markdown.text(member.run.started),
        Markdown.text(member.run.preset),
        String(member.outcomes.values.count { $0.speedup != nil }),
        Markdown.text(member.poor.joined(separator: ", ")), Markdown.text(state(member)),
      ]
    }
    return table
  }

  /// What the folder's digest says of its results.
  static func state(_ member: Gallery.Member) -> String {
    let found = [
      (member.altered.count, "altered"), (member.withoutDigest, "without a digest"),
      (member.unreadable, "can't be read"),
    ]
    let all = found.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return all.isEmpty ? "as written" : all.joined(separator: ", ")
  }

  private static func provenance(_ gallery: Gallery) -> String {
    gallery.members.filter { !$0.altered.isEmpty }.map { member in
      let shown = member.altered.prefix(6).joined(separator: ", ")
      let more = member.altered.count - 6
      return "- Changed or removed after their run on \(Markdown.text(member.name)): "
        + Markdown.text(shown + (more > 0 ? ", and \(more) more" : "")) + "\n"
    }.joined()
  }

  private static func turns(_ gallery: Gallery) -> String {
    guard !gallery.turns.isEmpty else { return "None.\n" }
    var table = Markdown.Table()
    table.columns = [("experiment", .left), ("faster on", .left), ("slower on", .left)]
    table.rows = gallery.turns.map { turn in
      [
        Markdown.code(turn.id), Markdown.text(list(turn.faster, turn.id, gallery)),
        Markdown.text(list(turn.slower, turn.id, gallery)),
      ]
    }
    return table.render()
  }

  /// `my-box 3.2×, other 1.1×, and 4 more`
  private static func list(_ members: [Int], _ id: String, _ gallery: Gallery) -> String {
    let shown = members.prefix(4).map { index in
      let member = gallery.members[index]
      let speedup = member.outcomes[id]?.speedup.map { " " + Figures.ratio($0.estimate) } ?? ""
      return member.name + speedup
    }
    let more = members.count - shown.count
    return shown.joined(separator: ", ") + (more > 0 ? ", and \(more) more" : "")
  }

  private static func failures(_ gallery: Gallery) -> String {
    guard !gallery.modelFailures.isEmpty else {
      let isPredicted = gallery.members.contains {
        $0.outcomes.values.contains { $0.predicted != nil }
      }
      return isPredicted ? "Nowhere.\n" : "These results have no predictions to check.\n"
    }
    var table = Markdown.Table()
    table.columns = [("experiment", .left), ("refuted", .right), ("on", .left)]
    table.rows = gallery.modelFailures.map { failure in
      let names = failure.refuted.prefix(4).map { gallery.members[$0].name }
      let more = failure.refuted.count - names.count
      return [
        Markdown.code(failure.id), "\(failure.refuted.count) of \(failure.predicted)",
        Markdown.text(names.joined(separator: ", ") + (more > 0 ? ", and \(more) more" : "")),
      ]
    }
    return table.render()
  }

  /// Nothing where all have the same headlines.
  private static func divided(_ gallery: Gallery) -> String {
    guard !gallery.divided.isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns = [("experiment", .left), ("on most machines", .left), ("on others", .left)]
    table.rows = gallery.divided.map { found in
      let others = found.others.map { index in
        "\(index + 1): \(headline(gallery.members[index].outcomes[found.id]))"
      }
      return [
        Markdown.code(found.id),
        Markdown.text(headline(gallery.members[found.most].outcomes[found.id])),
        Markdown.text(others.joined(separator: "; ")),
      ]
    }
    return "## Other headlines\n\n"
      + "A headline is a candidate at a point of the sweep. Where versions of perflab differ in it, "
      + "the speedups that most machines share are compared; the others have a † in the matrix.\n\n"
      + table.render()
  }

  /// `dictionary at 128 rows`
  static func headline(_ outcome: Outcome?) -> String {
    guard let outcome, let candidate = outcome.candidate, let point = outcome.point else {
      return Figures.none
    }
    return "\(candidate) "
      + Answer.at(point, axis: outcome.axis, isNumeric: outcome.numericAxis)
  }

  /// What most models rest on.
  static let chosenNumbers = [
    "add.integer.latency", "branch.miss", "latency.l1", "latency.l2", "latency.l3",
    "latency.memory", "bandwidth.read.memory", "line.transfer", "malloc.free.64", "syscall",
  ]

  private static func numbers(_ gallery: Gallery) -> String {
    let names = gallery.commonNumbers(of: chosenNumbers)
    guard !names.isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns = [("", .right), ("machine", .left)] + names.map { ($0, .right) }
    table.rows = gallery.members.enumerated().map { index, member in
      [String(index + 1), Markdown.text(member.name)]
        + names.map { name in
          member.machine.numbers[name].map {
            Figures.quantity($0.quantity.estimate, unit: $0.quantity.unit)
          } ?? Figures.none
        }
    }
    return "## The machines' numbers\n\n" + table.render()
  }

  private static func matrix(_ gallery: Gallery) -> Markdown.Table {
    var table = Markdown.Table()
    table.columns =
      [("experiment", .left)] + gallery.members.indices.map { (String($0 + 1), .right) }
    table.rows = gallery.ids.map { id in
      [Markdown.code(id)]
        + gallery.members.enumerated().map { index, member in
          cell(member.outcomes[id]) + (gallery.isDivided(id, on: index) ? " †" : "")
        }
    }
    return table
  }

  /// `3.2× (3.0)`, `**0.90×**`, `= 1.00×`
  static func cell(_ outcome: Outcome?) -> String {
    guard let outcome, let speedup = outcome.speedup else { return "" }
    let figure = Figures.ratio(speedup.estimate)
    let marked =
      switch outcome.verdict {
      case .slower: "**\(figure)**"
      case .same: "= \(figure)"
      case .unresolved: "? \(figure)"
      case .faster, .skipped, nil: figure
      }
    let refuted = outcome.isRefuted == true ? "!" : ""
    let predicted = outcome.predicted.map { " (\(Figures.ratio($0))\(refuted))" } ?? ""
    return marked + predicted
  }
}
