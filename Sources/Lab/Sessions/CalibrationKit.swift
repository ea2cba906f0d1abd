import Harness
import Results

/// The experiments of known ratio: `calibration/<kind>/<pair>`.
struct CalibrationKit {
  struct Member {
    let kind: String
    let pair: CalibrationPair
    let experiment: Experiment
  }

  let members: [Member]

  init(_ kit: [Experiment]) {
    members = kit.compactMap { experiment in
      let parts = experiment.id.split(separator: "/").map(String.init)
      guard parts.count == 3, parts[0] == "calibration",
        let pair = CalibrationPair(rawValue: parts[2])
      else { return nil }
      return Member(kind: parts[1], pair: pair, experiment: experiment)
    }
  }

  private init(members: [Member]) { self.members = members }

  /// In the order of the kit.
  var kinds: [CalibrationSeries.Kind] {
    var kinds: [CalibrationSeries.Kind] = []
    for member in members where !kinds.contains(where: { $0.name == member.kind }) {
      kinds.append(CalibrationSeries.Kind(name: member.kind, title: member.experiment.title))
    }
    return kinds
  }

  /// - Parameters: names separated by commas; nil for all.
  func chosen(kinds: String?, pairs: String?) throws(LabError) -> CalibrationKit {
    if members.isEmpty { throw .invalid("this build has no kernels of known ratio") }
    let kinds = try Self.names(kinds, among: members.map(\.kind), what: "kind of kernel")
    let pairs = try Self.names(pairs, among: members.map(\.pair.rawValue), what: "pair")
    let chosen = members.filter {
      kinds.contains($0.kind) && pairs.contains($0.pair.rawValue)
    }
    if chosen.isEmpty { throw .invalid("no kernel of known ratio has that kind and pair") }
    return CalibrationKit(members: chosen)
  }

  private static func names(
    _ list: String?, among known: [String], what: String
  ) throws(LabError) -> Set<String> {
    guard let list else { return Set(known) }
    let names = list.split(separator: ",").map(String.init)
    for name in names where !known.contains(name) {
      var all: [String] = []
      for one in known where !all.contains(one) { all.append(one) }
      throw .invalid("there is no \(what) '\(name)'; use one of \(all.joined(separator: ", "))")
    }
    return Set(names)
  }
}
