import Harness
import Results

/// The machine's numbers on disk, and whether they still hold.
struct NumbersStore {
  let folder: String

  var path: String { folder + "/numbers.json" }

  /// Nil where there are none. A file that cannot be read as numbers counts as none, and is named:
  /// they can be measured again in less than a minute.
  func load() -> Numbers? {
    do {
      let numbers: Numbers? = try StoredJSON.loadIfThere(path)
      return numbers?.schema == Numbers.currentSchema ? numbers : nil
    } catch {
      Console.error(
        "\(path) is damaged and counts as none; '\(Lab.program) numbers' measures it again")
      return nil
    }
  }

  /// Writes them and their page.
  func save(_ numbers: Numbers) throws(LabError) {
    try StoredJSON.save(numbers, to: path)
    try Pages.write(numbers, to: folder)
  }

  /// Of all that the numbers depend on: machine, kernel, build, processors, the file system of
  /// scratch folders, and what is measured how. Other memory sizes of the same machine count, free
  /// memory does not.
  static func fingerprint(_ setting: Setting, catalog: NumberCatalog) -> String {
    let machine = setting.machine
    var parts = [
      machine.processor, machine.architecture, machine.kernel, machine.system,
      machine.hypervisor ?? "", Version.text, setting.flags.compiler,
      setting.flags.instructionSet, setting.flags.features.joined(separator: " "), setting.scratch,
    ]
    let sizes = [
      machine.cores, machine.threads, machine.packages, machine.numaNodes, machine.memoryBytes,
    ]
    parts += (sizes + setting.cpus).map(String.init)
    parts += machine.caches.map { "\($0.level) \($0.bytes) \($0.lineBytes) \($0.sharedBy)" }
    return digest(parts + names(catalog))
  }

  /// Of what is measured how.
  static func methods(of catalog: NumberCatalog) -> String { digest(names(catalog)) }

  private static func names(_ catalog: NumberCatalog) -> [String] {
    catalog.probes.flatMap { [$0.name, $0.method, String($0.value)] }
      + catalog.derived.flatMap { [$0.name, $0.method] }
  }

  private static func digest(_ parts: [String]) -> String {
    let text = String(parts.joined(separator: "\n").stableHash, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
