import Rendering
import Results

/// What filling notes needs to remember: folders read once, and the charts that are linked.
struct EmbedSession {
  let folder: FolderOptions
  /// Where charts are copied to; nil where notes link to the reports.
  let assets: String?

  private var results: [String: Results] = [:]
  /// Of the folders of whose experiments a whole page is shown.
  private var inputs: [String: PageInputs] = [:]
  private var linked: [String: Set<String>] = [:]

  init(folder: FolderOptions, assets: String?) {
    self.folder = folder
    self.assets = assets
  }

  /// The notes with their marked places filled.
  mutating func fill(_ bytes: [UInt8], path: String) throws -> [UInt8] {
    let filled = try filled(bytes, path: path)
    // UTF-16 hides markers; in an older encoding what is put in would be read wrong.
    let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    if isWide || filled != bytes, let line = Self.firstForeignLine(bytes) {
      throw LabError.notes(path: path, line: line, reason: "the file is not UTF-8; convert it")
    }
    return filled
  }

  /// The first line that is not UTF-8, from 1.
  private static func firstForeignLine(_ bytes: [UInt8]) -> Int? {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
  }

  private mutating func filled(_ bytes: [UInt8], path: String) throws -> [UInt8] {
    do {
      return try Notes.fill(bytes) { request, line throws(NotesProblem) in
        do { return try contents(request, line: line, notes: path) } catch {
          throw error as? NotesProblem ?? NotesProblem(line: line, reason: "\(error)")
        }
      }
    } catch {
      throw LabError.notes(path: path, line: error.line, reason: error.reason)
    }
  }

  private mutating func contents(
    _ request: NotesRequest, line: Int, notes: String
  ) throws -> String {
    if let machine = request.machine, !FolderOptions.isPlain(machine) {
      throw NotesProblem(line: line, reason: "'\(machine)' is not a plain folder name")
    }
    let store = folder.store(of: request.machine)
    if request.kind == .numbers {
      guard let numbers = NumbersStore(folder: store.folder).load() else {
        throw NotesProblem(
          line: line,
          reason: "there are no numbers in \(store.folder); run '\(Lab.program) numbers'")
      }
      return NotesBlock.render(numbers)
    }
    let results = try loaded(store)
    if request.kind == .page, inputs[store.folder] == nil {
      inputs[store.folder] = try Pages.inputs(for: results, in: store.folder)
    }
    var charts: Set<String> = []
    let link = { (path: String) -> String in
      let isChart = path.hasSuffix(".svg")
      if isChart { charts.insert(path) }
      let target =
        isChart ? self.place(ofChart: path, in: store.folder) : store.folder + "/" + path
      return RelativePath.link(from: notes, to: target)
    }
    let text: String
    if let id = request.experiment {
      text = try NotesBlock.render(
        request, line: line, experiment: try experiment(id, in: results, line: line),
        of: results, with: inputs[store.folder] ?? PageInputs(), link: link)
    } else {
      text = NotesBlock.render(request.kind, of: results, link: link)
    }
    linked[store.folder, default: []].formUnion(charts)
    return text
  }

  private mutating func loaded(_ store: ResultsStore) throws -> Results {
    if let known = results[store.folder] { return known }
    let fresh = try store.loadAndTell()
    results[store.folder] = fresh
    return fresh
  }

  private func experiment(
    _ id: String, in results: Results, line: Int
  ) throws -> ExperimentResult {
    if let found = results.experiments.first(where: { $0.id == id }) { return found }
    let near = Selection.nearest(to: id, in: results.experiments.map(\.id))
    throw NotesProblem(
      line: line,
      reason: "there are no results of '\(id)'"
        + (near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"))
  }

  /// Where a chart lies that notes link to.
  private func place(ofChart path: String, in store: String) -> String {
    guard let assets else { return store + "/" + path }
    let machine = store.split(separator: "/").last.map(String.init) ?? "machine"
    let name = String(path.map { $0 == "/" ? "-" : $0 })
    return "\(assets)/\(machine)-\(name)"
  }

  /// The charts that the notes link to, where they are to be copied.
  func copies() throws -> [(path: String, bytes: [UInt8])] {
    guard assets != nil else { return [] }
    var copies: [(path: String, bytes: [UInt8])] = []
    for (store, paths) in linked.sorted(by: { $0.key < $1.key }) {
      guard let results = results[store] else { continue }
      let files = Pages.files(of: results, with: inputs[store] ?? PageInputs())
      for file in files where paths.contains(file.path) {
        copies.append((place(ofChart: file.path, in: store), Array(file.contents.utf8)))
      }
    }
    return copies
  }
}
