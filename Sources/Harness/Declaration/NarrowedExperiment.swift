import Results

extension Experiment {
  /// The same experiment at some values of its sweep alone; those that it does not have are left
  /// out.
  public func narrowed(to parameters: [Parameter]) -> Experiment {
    var narrow = self
    narrow.sweep = sweep.with(
      sweep.threads == nil ? sweep.values.filter(parameters.contains) : parameters)
    return narrow
  }

  /// The same experiment as a machine runs it: a sweep of threads ends with all the cores that may
  /// be used.
  public func fitted(to facilities: Facilities) -> Experiment {
    var fitted = self
    fitted.sweep = sweep.fitted(to: facilities.cores)
    return fitted
  }

  /// The same experiment as a preset measures it. A coarse one takes the ends of a sweep over
  /// numbers and the headline: the points between them say how the speedup gets from one to the
  /// other, which takes a longer look. Where blocks aren't mirrored, since a call is a load or a drill
  /// of its own, the headline is all. Cases, which have no between, and numbers of threads are all
  /// measured, and what is computed takes no time.
  public func fitted(to preset: Preset) -> Experiment {
    let values = sweep.values
    guard preset.isCoarse, evidence != .computed, sweep.isNumeric, sweep.threads == nil,
      let first = values.first, let last = values.last
    else { return self }
    let middle = headline?.value ?? values[values.count / 2].value
    return narrowed(
      to: values.filter { isMirrored && ($0 == first || $0 == last) || $0.value == middle })
  }

  /// Why a preset leaves a variant out; nil where it is measured. A coarse one leaves out references
  /// with a server of their own where a call is a load or a drill: each process would start the
  /// server for a call or two.
  func omission(of variant: Variant, at preset: Preset) -> String? {
    guard preset.isCoarse, !isMirrored, variant.isReference else { return nil }
    return variant.programs.first.map {
      "a reference with a server of its own (\($0)): not measured at \(preset.name)"
    }
  }
}
