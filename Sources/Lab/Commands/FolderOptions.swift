import ArgumentParser
import Platform
import Results

/// Where results and pages lie.
struct FolderOptions: ParsableArguments {
  @Option(help: "Folder with one folder per machine.")
  var out = "Reports"

  @Option(
    help: ArgumentHelp(
      "Name of the machine's folder (default: derived from its processor, with a number behind it "
        + "where another machine has that name)."))
  var machine: String?

  /// The name of the machine's folder.
  private var name: String { machine ?? Setting.machineName(in: out) }

  var store: ResultsStore { store(of: nil) }

  /// That of another machine, where a name is given.
  func store(of other: String?) -> ResultsStore {
    ResultsStore(folder: out + "/" + (other ?? name))
  }

  /// In which something is measured for the folder. Says it where another machine has the usual name.
  func setting(cpus: String?) throws -> Setting {
    let (name, usual) = (name, Setting.usualMachineName)
    if machine == nil, name != usual {
      Console.note("\(out)/\(usual) is another machine's; this one's folder is \(out)/\(name)")
    }
    return try Setting.current(cpus: cpus, machineName: name)
  }

  /// Of what a person names: a machine, the path of a results file or of its folder.
  static func store(of source: String?, in out: String) throws(LabError) -> ResultsStore {
    guard let source else {
      return ResultsStore(folder: out + "/" + Setting.machineName(in: out))
    }
    if StoredFile.plain(source).hasSuffix(".json") { return ResultsStore(file: source) }
    return ResultsStore(folder: isPlain(source) ? out + "/" + source : source)
  }

  /// Whether it stays within the folder.
  static func isPlain(_ machine: String) -> Bool {
    !machine.isEmpty && !machine.hasPrefix(".") && !machine.contains("/")
  }

  /// The results of this machine, nil where there are none yet.
  func lastResults() throws -> StoredResults? { store.exists ? try store.load() : nil }

  func validate() throws {
    if out.isEmpty { throw ValidationError("--out takes a folder; '.' is the current one.") }
    if let machine, !Self.isPlain(machine) {
      throw ValidationError("--machine takes a plain folder name, not '\(machine)'.")
    }
  }
}
