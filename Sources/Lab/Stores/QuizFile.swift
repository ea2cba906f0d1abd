import Glibc
import Results

extension Quiz: StoredDocument {}

/// Where a person's answers are kept: beside no machine's results, since they are of one person.
struct QuizFile {
  let path: String

  /// - Parameter path: as it was typed; nil for the default.
  init(path: String?) {
    if let path {
      self.path = path
      return
    }
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let base = variable("XDG_DATA_HOME") ?? (variable("HOME") ?? ".") + "/.local/share"
    self.path = base + "/perflab/quiz.json"
  }

  /// Nobody's answers where there is no such file.
  func load() throws(LabError) -> Quiz {
    let advice = "move it away, or name another file with --file"
    do { return try StoredJSON.loadIfThere(path) ?? Quiz() } catch {
      switch error {
      case .damagedResults(let path, let reason):
        throw .unreadable(path: path, reason: "\(reason); \(advice)")
      case .newerSchema(let path, let found, let known):
        throw .unreadable(
          path: path,
          reason: "it has schema \(found), and this perflab reads up to \(known); \(advice)")
      default: throw error
      }
    }
  }

  func save(_ quiz: Quiz) throws(LabError) { try StoredJSON.save(quiz, to: path) }
}
