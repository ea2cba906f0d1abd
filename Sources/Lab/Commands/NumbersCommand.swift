import ArgumentParser
import Harness
import Platform
import Results

struct NumbersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "numbers", abstract: "Measure the cost of basic operations on this machine.",
    discussion: """
      Latencies, bandwidths, throughputs and the cost of system calls. They are stored with the \
      reports, and measured again when the machine or the build has changed.
      """)

  @Flag(help: "Measure again, even if stored numbers are current.")
  var again = false

  @Flag(help: "Print the numbers as JSON.")
  var json = false

  @Option(help: "Seed of every random choice (default: random, and stored).")
  var seed: UInt64?

  @Option(help: "Processors to use, the measuring one first: '2,3,4-7'.")
  var cpus: String?

  @OptionGroup var folder: FolderOptions

  func run() throws {
    let setting = try folder.setting(cpus: cpus)
    try folder.store.expect(setting.machine)
    let taking = NumberTaking(setting: setting, folder: folder.store.folder)
    let numbers = try taking.current(again: again, seed: seed)
    if json {
      try Console.result(StoredJSON.text(numbers))
    } else {
      try Console.result(NumbersTable.text(numbers))
    }
  }
}
