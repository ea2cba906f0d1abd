import Platform
import Rendering

/// What went wrong, where, and what to do: one line for the person at the terminal.
enum LabError: Error, CustomStringConvertible {
  case unknownExperiment(String, nearest: [String])
  case nothingSelected(pattern: String)
  case noResultOf(String, path: String)
  case unknownPreset(String)
  case unknownFormat(String, known: [String])
  case nothingToExport(path: String, format: String)
  case debugBuild
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case damagedResults(path: String, reason: String)
  case newerSchema(path: String, found: Int, known: Int)
  case noResults(path: String)
  /// Of several files, each with its own reason; the rest was done.
  case leftOut([LabError])
  case otherMachine(path: String, description: String)
  case noProcessor(String)
  case failed(count: Int)
  case interrupted(saved: String)
  case calibrationInterrupted(saved: String?)
  case interruptedNumbers
  case interruptedCounts(String)
  case cannotCount(String)
  case notes(path: String, line: Int, reason: String)
  case staleNotes(paths: [String])
  case incomparable(String)
  case disagreement(count: Int)
  case regressed(count: Int, share: String)
  case interruptedConfirmation
  case interruptedComparison(hasRows: Bool)
  case slower(count: Int, share: Double)
  case aboveLimits(count: Int)
  case faultyPrices(count: Int)
  /// The first fault of a file that a run was to use.
  case badPrices(String)
  case noProfile(id: String, reason: String)
  case invalid(String)

  /// As usual on Unix: 128 and the signal's number after a signal (130 after Ctrl-C), 64 for wrong usage, 65 if data can't be compared (so that
  /// only a gate exits with 1 there), otherwise 1.
  var exitCode: Int32 {
    switch self {
    case .interrupted, .interruptedNumbers, .interruptedCounts, .calibrationInterrupted,
      .interruptedConfirmation, .interruptedComparison:
      128 + Interrupt.signal
    case .incomparable: 65
    case .unknownExperiment, .nothingSelected, .unknownPreset, .unknownFormat, .noProcessor,
      .invalid:
      64
    default: 1
    }
  }

  /// A line for each of the files that are left out, else one.
  var lines: [String] {
    if case .leftOut(let errors) = self { return errors.map(\.description) }
    return [description]
  }

  var description: String {
    switch self {
    case .leftOut(let errors): return errors.map(\.description).joined(separator: "; ")
    case .unknownExperiment(let id, let nearest):
      let hint =
        nearest.isEmpty
        ? "see '\(Lab.program) list'" : "did you mean \(nearest.joined(separator: " or "))?"
      return "there is no experiment '\(id)'; \(hint)"
    case .nothingSelected(let pattern):
      return "no experiment matches '\(pattern)'; see '\(Lab.program) list'"
    case .noResultOf(let names, let path):
      return "\(path) has no result of \(names) yet"
    case .unknownPreset(let name):
      return "there is no preset '\(name)'; use quick, standard or thorough"
    case .unknownFormat(let name, let known):
      return "there is no format '\(name)'; use one of \(known.joined(separator: ", "))"
    case .nothingToExport(let path, let format):
      return "\(path) has no measured result that \(format) can represent"
    case .debugBuild:
      return "this is a debug build, whose times are meaningless; "
        + "build with 'make build', or your own package with 'swift build -c release' "
        + "(or run with --smoke to try the experiments)"
    case .unreadable(let path, let reason): return "\(path) can't be read: \(reason)"
    case .unwritable(let path, let reason): return "\(path) can't be written: \(reason)"
    case .damagedResults(let path, let reason):
      return "\(path) is not a results file of perflab (\(reason)); "
        + "move it away, or choose another folder with --out"
    case .newerSchema(let path, let found, let known):
      return "\(path) has schema \(found), this perflab reads up to \(known); "
        + "use a newer perflab, or choose another folder with --out"
    case .noResults(let path):
      return "there are no results at \(path); run 'make bench' or '\(Lab.program) run' first"
    case .otherMachine(let path, let description):
      return "\(path) is from another machine (\(description)); "
        + "choose a folder for this one with --machine, or another place with --out"
    case .noProcessor(let reason): return reason
    case .failed(let count):
      return count == 1 ? "one experiment failed; see above" : "\(count) experiments failed"
    case .interrupted(let saved):
      return "interrupted; the results so far are in \(saved); continue with \(Lab.continuation)"
    case .interruptedNumbers:
      return "interrupted while measuring the machine's numbers; nothing was stored"
    case .interruptedCounts(let id):
      return "interrupted while counting \(id); its counts were not stored"
    case .cannotCount(let reason): return reason
    case .calibrationInterrupted(let saved):
      return saved.map { "interrupted; the comparisons taken so far are in \($0)" }
        ?? "interrupted before anything was measured; nothing is stored"
    case .notes(let path, let line, let reason):
      return "\(path):\(line): \(reason); nothing was changed"
    case .staleNotes(let paths):
      return "\(paths.joined(separator: ", ")) would change; run '\(Lab.program) embed'"
    case .regressed(let count, let share):
      return count == 1
        ? "a speedup fell by more than \(share); see above"
        : "\(count) speedups fell by more than \(share); see above"
    case .disagreement(let count):
      return count == 1
        ? "one check disagrees with theory; see the page"
        : "\(count) checks disagree with theory; see the page"
    case .interruptedConfirmation:
      return "interrupted while measuring again; the gate has no decision"
    case .interruptedComparison(let hasRows):
      return hasRows
        ? "interrupted; what was measured until then is above"
        : "interrupted before anything was measured"
    case .aboveLimits(let count):
      return count == 1
        ? "one count is above its limit; see above"
        : "\(count) counts are above their limits; see above"
    case .slower(let count, let share):
      let limit = "\(Figures.short(share * 100))%"
      return count == 1
        ? "one measurement is slower by more than \(limit); see above"
        : "\(count) measurements are slower by more than \(limit); see above"
    case .faultyPrices(let count):
      return count == 1 ? "one fault; see above" : "\(count) faults; see above"
    case .noProfile(let id, let reason): return "\(id) can't be profiled: \(reason)"
    case .incomparable(let text), .invalid(let text), .badPrices(let text): return text
    }
  }
}

extension LabError {
  /// Runs a command whose exit code 1 is a closed gate: a failure is none, and ends with 65.
  static func gated(_ body: () throws -> Void) throws {
    do { try body() } catch let error as LabError {
      switch error {
      case .slower, .aboveLimits, .regressed: throw error
      default: throw error.exitCode == 1 ? LabError.incomparable("\(error)") : error
      }
    }
  }
}
