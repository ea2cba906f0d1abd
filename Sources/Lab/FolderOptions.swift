import ArgumentParser
import Platform
import Results

/// Where results and pages lie.
struct FolderOptions: ParsableArguments {
  @Option(help: "Folder that holds a folder for each machine.")
  var out = "Reports"

  @Option(help: "Name of the machine's folder (default: made from its processor).")
  var machine: String?

  var store: ResultsStore { store(of: nil) }

  /// That of another machine, where a name is given.
  func store(of other: String?) -> ResultsStore {
    ResultsStore(folder: out + "/" + (other ?? machine ?? Setting.defaultMachineName()))
  }

  /// Whether it stays within the folder.
  static func isPlain(_ machine: String) -> Bool {
    !machine.isEmpty && !machine.hasPrefix(".") && !machine.contains("/")
  }

  /// The results of this machine, nil where there are none yet.
  func lastResults() throws -> Results? {
    Files.exists(store.path) ? try store.load() : nil
  }

  func validate() throws {
    if let machine, !Self.isPlain(machine) {
      throw ValidationError("--machine takes a plain folder name, not '\(machine)'.")
    }
  }
}
