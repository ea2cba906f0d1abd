import Results

/// A run in a few sentences.
enum RunText {
  static func sentences(_ run: Run) -> String {
    let cpus = run.cpus.map(String.init).joined(separator: ", ")
    let pinned = "Pinned to \(run.cpus.count == 1 ? "CPU" : "CPUs") \(cpus). "
    return "Preset \(Markdown.code(run.preset)), seed \(run.seed), started "
      + "\(Markdown.text(run.started)), perflab \(Markdown.text(run.version)). "
      + "\(cpus.isEmpty ? "" : pinned)\(BuildText.sentence(run.flags))"
  }
}

/// How the executable was built.
enum BuildText {
  static func sentence(_ flags: BuildFlags) -> String {
    let set = flags.instructionSet.isEmpty ? "the default" : flags.instructionSet
    let features = flags.features.isEmpty ? "" : " (\(flags.features.joined(separator: ", ")))"
    let kind = flags.optimised ? "Built optimised" : "Built **without optimisation**"
    return "\(kind) by \(Markdown.text(flags.compiler)) for instruction set "
      + "\(Markdown.text(set + features))."
  }
}
