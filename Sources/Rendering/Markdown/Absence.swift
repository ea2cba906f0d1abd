import Results

/// Places in a measured experiment that have no value for one reason.
struct Absence: Equatable {
  /// `512 MiB`, `tcmalloc`, `tcmalloc at 64-byte churn`
  private var places: [String]
  private let status: Status
  /// Whether what is missing is a yardstick, and nothing of the experiment itself.
  let isYardstick: Bool
  /// The reason's words; where places differ in a number, all of its values.
  private var words: [[String]]

  private init(_ place: String, _ status: Status, _ reason: String, isYardstick: Bool = false) {
    places = [place]
    self.status = status
    self.isYardstick = isYardstick
    words = reason.split(separator: " ").map { [String($0)] }
  }

  /// `4 threads, 8 threads`
  var place: String { Answer.listed(places) }

  /// `skipped, needs 4 and 8 cores, may use 2`
  var reason: String { words.map { $0.joined(separator: " and ") }.joined(separator: " ") }

  /// In the order of the points, one for each reason.
  static func all(in experiment: ExperimentResult) -> [Absence] {
    var result: [Absence] = []
    for absence in single(in: experiment) {
      if let index = result.firstIndex(where: { $0.joined(absence) != nil }) {
        result[index] = result[index].joined(absence) ?? result[index]
      } else {
        result.append(absence)
      }
    }
    return result
  }

  private static func single(in experiment: ExperimentResult) -> [Absence] {
    var result: [Absence] = []
    for point in experiment.points {
      let place = Answer.place(point, experiment.account.axis)
      guard point.status == .measured else {
        let reason = "\(point.status.rawValue), \(point.reason ?? "no reason was given")"
        let text = point.status == .pending ? "not yet measured" : reason
        result.append(Absence(place, point.status, text))
        continue
      }
      for candidate in point.candidates where candidate.speedup == nil {
        let reason = candidate.reason ?? "not measured"
        let isEverywhere = experiment.measuredPoints.allSatisfy { other in
          other.candidates.contains { $0.name == candidate.name && $0.reason == reason }
        }
        let name = isEverywhere ? candidate.name : "\(candidate.name) at \(place)"
        let isYardstick = experiment.yardstick(candidate.name) != nil
        result.append(Absence(name, .skipped, reason, isYardstick: isYardstick))
      }
    }
    return result
  }

  /// Both in one; nil where the reasons are not the same. What points were skipped for may differ
  /// in its numbers; what failed is quoted, and stays apart.
  private func joined(_ other: Absence) -> Absence? {
    guard status == other.status, isYardstick == other.isYardstick, words.count == other.words.count
    else { return nil }
    var result = self
    for (index, word) in other.words.enumerated() where !Set(word).isSubset(of: words[index]) {
      guard status == .skipped, (words[index] + word).allSatisfy({ $0.allSatisfy(\.isNumber) })
      else { return nil }
      result.words[index] += word
    }
    result.places += other.places.filter { !places.contains($0) }
    return result
  }
}
