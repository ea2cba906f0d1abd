import ArgumentParser
import Platform
import Results

/// Where results and pages lie.
struct FolderOptions: ParsableArguments {
  @Option(help: "Folder that holds a folder for each machine.")
  var out = "Reports"

  @Option(help: "Name of the machine's folder (default: made from its processor).")
  var machine: String?

  var store: ResultsStore {
    ResultsStore(folder: out + "/" + (machine ?? Setting.defaultMachineName()))
  }

  /// The results of this machine, nil where there are none yet.
  func lastResults() throws -> Results? {
    Files.exists(store.path) ? try store.load() : nil
  }

  func validate() throws {
    if let machine, machine.isEmpty || machine.hasPrefix(".") || machine.contains("/") {
      throw ValidationError("--machine takes a plain folder name, not '\(machine)'.")
    }
  }
}
