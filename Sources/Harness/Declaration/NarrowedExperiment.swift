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
}
