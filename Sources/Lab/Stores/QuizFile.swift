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
  func load() throws(LabError) -> Quiz { try StoredJSON.loadIfThere(path) ?? Quiz() }

  func save(_ quiz: Quiz) throws(LabError) { try StoredJSON.save(quiz, to: path) }
}
