import Results

extension Experiment {
  /// The same experiment at some values of its sweep alone; those that it does not have are left
  /// out.
  public func narrowed(to parameters: [Parameter]) -> Experiment {
    let narrow = Sweep(
      axis: sweep.axis, isNumeric: sweep.isNumeric,
      values: sweep.values.filter(parameters.contains), smoke: sweep.smoke, needs: sweep.needs)
    return Experiment(
      id: id, title: title, slot: slot, claim: claim, mechanism: mechanism, limits: limits,
      diagram: diagram, sweep: narrow, metric: metric, signals: signals, needs: needs,
      tolerates: tolerates, tolerance: tolerance, work: work, variants: variants,
      noYardstick: noYardstick, headline: headline, model: model, file: file)
  }
}
