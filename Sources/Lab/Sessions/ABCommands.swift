import Harness
import Platform
import Rendering
import Results
import Statistics

/// Two commands in turns.
struct ABCommands {
  private let texts: [String]
  private let pair: CommandPair
  private let preset: Preset
  private let seconds: Double
  private let setting: Setting
  private let seed: UInt64
  private let hasShell: Bool

  init(
    _ commands: [String], _ options: ABCommandOptions, _ common: ABCommonOptions
  ) throws {
    texts = commands.map { $0.trimmed }
    try Self.check(texts)
    preset = try Preset.named(common.preset)
    seconds = try Self.seconds(options.seconds, preset)
    hasShell = options.shell != "none"
    let shell = hasShell ? options.shell : nil
    let inputs = try Self.twice(options.input, named: "--input")
    let prepare = try Self.twice(options.prepare, named: "--prepare")
    let allowed = try Affinity.allowed()
    let words = try texts.map { try CommandWords.words($0, shell: shell) }
    pair = CommandPair(
      Command(words[0], input: inputs[0]), Command(words[1], input: inputs[1]),
      prepare: try prepare.map { try $0.map { Command(try CommandWords.words($0, shell: "sh")) } },
      cpus: try common.cpus.map { try Self.cpus($0, allowed) } ?? allowed,
      comparesOutput: !common.ignoreOutput, toleratesFailure: options.ignoreFailure)
    setting = try Setting.current(cpus: nil, machineName: nil)
    seed = common.seed ?? UInt64.random(in: 0..<1 << 32)
  }

  private static func check(_ texts: [String]) throws(LabError) {
    if texts.count > 2, texts.dropFirst().contains(where: { $0.hasPrefix("-") }) {
      throw .invalid("options of ab go before '--': \(Lab.program) ab --seconds 5 'a' -- 'b'")
    }
    guard texts.count == 2 else {
      let found = texts.count == 1 ? "one" : texts.isEmpty ? "none" : "\(texts.count)"
      throw .invalid(
        "ab takes two commands, each in quotes, and found \(found): "
          + "\(Lab.program) ab 'sort a.txt' -- 'sort b.txt'; or --base with a revision")
    }
    if let empty = texts.firstIndex(of: "") {
      throw .invalid("the \(empty == 0 ? "first" : "second") command is empty")
    }
    if texts[0] == texts[1] {
      throw .invalid(
        "both commands are the same; the null of any comparison already shows the first one "
          + "compared with itself")
    }
  }

  private static func seconds(_ wanted: Double?, _ preset: Preset) throws(LabError) -> Double {
    if let wanted {
      guard wanted > 0, wanted.isFinite else {
        throw .invalid("--seconds takes a number above 0, not \(wanted)")
      }
      return wanted
    }
    return switch preset {
    case .quick: 5
    case .thorough: 90
    default: 20
    }
  }

  private static func cpus(_ text: String, _ allowed: [Int]) throws(LabError) -> [Int] {
    guard let list = CPUList.parseInOrder(text), !list.isEmpty else {
      throw .noProcessor("--cpus takes a list such as '2,3,4-7', not '\(text)'")
    }
    if let foreign = list.first(where: { !allowed.contains($0) }) {
      throw .noProcessor("this process may not use processor \(foreign)")
    }
    return list
  }

  private static func twice(_ given: [String], named name: String) throws(LabError) -> [String?] {
    switch given.count {
    case 0: return [nil, nil]
    case 1: return [given[0], given[0]]
    case 2: return given
    default: throw .invalid("\(name) is given once for both commands, or twice")
    }
  }

  func measure() throws -> ABComparison {
    Interrupt.catchSignals()
    Console.note("preset \(preset.name), seed \(seed)")
    var measurement = CommandMeasurement(
      pair, halfWidth: preset.halfWidth, seconds: seconds, seed: seed)
    let isComplete: Bool
    do {
      isComplete = try measurement.measure { progress in
        guard Console.errorIsTerminal else { return }
        let left = Int(progress.secondsLeft.rounded(.up))
        Console.status("round \(progress.rounds + 1) · at most \(left) s left")
      }
    } catch let failure as CommandFailure {
      Console.clearStatus()
      throw LabError.incomparable("\(failure)")
    }
    Console.clearStatus()
    guard let row = measurement.row else { throw LabError.interruptedComparison(hasRows: false) }
    var comparison = ABComparison(
      kind: .commands, run: setting.run(preset: preset.name, seed: seed),
      machine: setting.machine, conditions: setting.conditions,
      sides: texts.map { ABComparison.Side(name: $0) })
    comparison.rows = [row]
    comparison.notes = notes(measurement, row)
    hideFloor(in: &comparison.rows[0])
    comparison.isComplete = isComplete
    return comparison
  }

  /// A peak that is no larger than what even the smallest command is charged with is none.
  private func hideFloor(in row: inout ABRow) {
    // The peak of one command is not always the same.
    guard let floor = Command.memoryFloor().map({ 1.1 * $0 }) else { return }
    for index in row.counts.indices where row.counts[index].name == "peak memory" {
      let unseen = Counter(
        unavailable: "below \(Figures.quantity(floor, unit: .bytes))", unit: .bytes)
      if min(row.counts[index].before.value ?? 0, row.counts[index].after.value ?? 0) <= floor {
        row.counts[index].ratio = nil
      }
      if row.counts[index].before.value ?? 0 <= floor { row.counts[index].before = unseen }
      if row.counts[index].after.value ?? 0 <= floor { row.counts[index].after = unseen }
    }
  }

  private func notes(_ measurement: CommandMeasurement, _ row: ABRow) -> [String] {
    var notes: [String] = []
    switch measurement.found {
    case .same, .notCompared: break
    case .different(let bytes):
      notes.append(
        "The outputs differ (\(bytes[0]) and \(bytes[1]) bytes): check that both do the same work; "
          + "--ignore-output leaves them unread.")
    case .unsteady(let side):
      notes.append(
        "The output of the \(side == 0 ? "first" : "second") command changes from run to run, so "
          + "that the outputs were not compared.")
    }
    let exits = measurement.exits
    if exits.joined().contains(where: { $0 != "0" }) {
      let text = exits.map { $0.joined(separator: ", ") }
      notes.append("Exit codes: \(text[0]) of the first command, \(text[1]) of the second.")
    }
    if hasShell, min(row.before.estimate, row.after.estimate) < 5e6 {
      notes.append(
        "The shell's start is part of both times; --shell none starts the programs without one.")
    }
    if row.processes < CommandMeasurement.fewestRounds {
      notes.append(
        "Below \(CommandMeasurement.fewestRounds) rounds no interval reaches 95 %, so that there "
          + "is no verdict.")
    }
    return notes
  }
}

extension String {
  /// Without blanks at its ends.
  fileprivate var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
