import Results

/// The profiles of an experiment's variants on its page.
enum FlameSection {
  /// A flame graph each, then the functions with the most time. Empty without profiles.
  /// - Parameter link: from a path in the machine's folder to what stands in the page.
  static func render(
    _ set: ProfileSet?, experiment: ExperimentResult, link: (String) -> String
  ) -> String {
    guard let set else { return "" }
    let profiles = set.profiles.filter { $0.samples > 0 }
    guard !profiles.isEmpty else { return "" }
    let images = profiles.map { profile in
      Markdown.image(
        "Flame graph of \(profile.variant)",
        path: link(PagePath(experiment).flame(profile.variant)))
    }
    return lead(profiles, experiment) + "\n" + images.joined(separator: "\n") + "\n"
      + table(profiles)
  }

  private static func lead(_ profiles: [Profile], _ experiment: ExperimentResult) -> String {
    let each = profiles.map { profile in
      "\(profile.samples) of “\(Markdown.text(profile.variant))” "
        + "\(Markdown.text(at(profile.parameter.label, experiment.account))), "
        + "every \(Figures.quantity(profile.period, unit: .nanoseconds)) by "
        + Markdown.text(profile.clock)
    }
    let lost = profiles.reduce(0) { $0 + $1.lost }
    let rest = lost == 0 ? "" : " \(lost) more were lost for lack of buffer space."
    return
      "Stacks that perflab sampled: \(each.joined(separator: "; ")).\(rest) A width is a share "
      + "of CPU time; above a function are the functions that it called.\n"
  }

  private static func at(_ label: String, _ account: Account) -> String {
    Answer.at(label, axis: account.axis, isNumeric: account.numericAxis)
  }

  private static func table(_ profiles: [Profile]) -> String {
    let shares = profiles.map(\.functions)
    var names: [String] = []
    for functions in shares {
      for function in functions.prefix(12) where function.total >= 0.02 {
        if !names.contains(function.name) { names.append(function.name) }
      }
    }
    var table = Markdown.Table()
    table.columns =
      [("function", .left)]
      + profiles.flatMap { [("\($0.variant), with callees", .right), ("itself", .right)] }
    table.rows = names.map { name in
      [Markdown.cellCode(name)]
        + shares.flatMap { functions in
          guard let share = functions.first(where: { $0.name == name }) else {
            return [Figures.none, Figures.none]
          }
          return [Figures.percent(share.total), Figures.percent(share.own)]
        }
    }
    return table.render()
  }
}
