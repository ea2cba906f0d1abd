import Results

/// A place in a measured experiment that has no value, and why.
struct Absence: Hashable {
  /// `512 MiB`, `tcmalloc`, `tcmalloc at 64-byte churn`
  let place: String
  let reason: String

  /// In the order of the points; what is missing everywhere for one reason is told once.
  static func all(in experiment: ExperimentResult) -> [Absence] {
    var result: [Absence] = []
    for point in experiment.points {
      let place = Answer.place(point, experiment.account.axis)
      guard point.status == .measured else {
        let reason = point.reason ?? "no reason was given"
        let status = point.status == .pending ? "not yet measured" : point.status.rawValue
        result.append(
          Absence(place: place, reason: point.status == .pending ? status : "\(status), \(reason)"))
        continue
      }
      for candidate in point.candidates where candidate.speedup == nil {
        let reason = candidate.reason ?? "not measured"
        let isEverywhere = experiment.measuredPoints.allSatisfy { other in
          other.candidates.contains { $0.name == candidate.name && $0.reason == reason }
        }
        let name = isEverywhere ? candidate.name : "\(candidate.name) at \(place)"
        let absence = Absence(place: name, reason: reason)
        if !result.contains(absence) { result.append(absence) }
      }
    }
    return result
  }
}
