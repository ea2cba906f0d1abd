import Results

/// The reasoning of a model, each once: variants and points that share it stand before it.
enum PredictionReasons {
  /// A line for each reasoning.
  /// - Parameter judged: candidates that were both predicted and measured, with their points.
  static func render(
    _ judged: [(point: PointResult, candidate: CandidateResult)], of experiment: ExperimentResult
  ) -> String {
    var groups: [(because: String, members: [(PointResult, CandidateResult)])] = []
    for (point, candidate) in judged {
      let because = candidate.predicted?.because ?? ""
      if let index = groups.firstIndex(where: { $0.because == because }) {
        groups[index].members.append((point, candidate))
      } else {
        groups.append((because, [(point, candidate)]))
      }
    }
    if groups.count == 1, judged.count > 1 {
      return Markdown.text(Answer.ended(groups[0].because)) + "\n"
    }
    return groups.map { because, members in
      "- \(Markdown.text(places(members, among: judged, of: experiment))): "
        + "\(Markdown.text(Answer.ended(because)))\n"
    }.joined()
  }

  /// `16 KiB, 4 MiB`; where variants of a point differ in their reasoning, `16 KiB, by rows`.
  private static func places(
    _ members: [(PointResult, CandidateResult)],
    among judged: [(point: PointResult, candidate: CandidateResult)],
    of experiment: ExperimentResult
  ) -> String {
    var points: [PointResult] = []
    for (point, _) in members where !points.contains(point) { points.append(point) }
    let names = points.map { point -> String in
      let place = Answer.place(point, experiment.account.axis)
      let own = members.filter { $0.0 == point }.map(\.1.name)
      let all = judged.filter { $0.point == point }.count
      return own.count == all ? place : "\(place), \(own.joined(separator: ", "))"
    }
    return Answer.listed(names)
  }
}
