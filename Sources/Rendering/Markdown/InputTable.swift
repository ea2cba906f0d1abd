import Results

/// What a computed experiment was computed from, or the uncertain inputs of a simulated one.
enum InputTable {
  /// Every input with its interval and source; empty where nothing was computed.
  static func render(_ experiment: ExperimentResult) -> String {
    let points = experiment.measuredPoints.filter { $0.inputs != nil }
    var inputs: [(input: ComputedInput, points: [PointResult])] = []
    for point in points {
      for input in point.inputs ?? [] {
        if let index = inputs.firstIndex(where: { $0.input == input }) {
          inputs[index].points.append(point)
        } else {
          inputs.append((input, [point]))
        }
      }
    }
    guard !inputs.isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns = [("input", .left), ("value", .right), ("interval", .right), ("source", .left)]
    table.rows = inputs.map { input, own in
      let places = own.map { Answer.place($0, experiment.account.axis) }
      let name =
        own.count == points.count ? input.name : "\(input.name), \(Answer.listed(places))"
      return [name, value(input), interval(input), input.source].map(Markdown.text)
    }
    let lead = experiment.knownBy == .computed ? "What it was computed from" : "Uncertain inputs"
    return "\(lead):\n\n\(table.render())"
  }

  private static func value(_ input: ComputedInput) -> String {
    Figures.quantity(input.quantity.estimate, unit: input.quantity.unit)
  }

  private static func interval(_ input: ComputedInput) -> String {
    let quantity = input.quantity
    guard quantity.low < quantity.high else { return "exact" }
    let ends = [quantity.low, quantity.high].map { Figures.quantity($0, unit: quantity.unit) }
    return "\(ends[0]) – \(ends[1])"
  }
}
