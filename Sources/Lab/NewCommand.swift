import ArgumentParser
import Harness

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Begin an experiment: write its file and its line in the area's catalog.",
    discussion: "Run it in the package's folder. CONTRIBUTING.md goes on from there.")

  @Argument(help: "area/name: 'memory/row-major-scan'.")
  var id: String

  func validate() throws {
    let parts = id.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { $0.isLowercase && $0.isASCII || $0.isNumber || $0 == "-" }
    }
    guard parts.count == 2, isPlain, parts[1].first?.isLowercase == true else {
      throw ValidationError("'\(id)' is not of the form area/name in lower case with hyphens.")
    }
  }

  func run() throws {
    if LabContext.current.catalog.contains(where: { $0.id == id }) {
      throw LabError.invalid("there is an experiment '\(id)' already; see 'perflab show \(id)'")
    }
    let template = NewExperiment(id: id)
    guard
      let area = Files.names(in: "Benchmarks").first(where: { $0.lowercased() == template.area })
    else {
      throw LabError.invalid(
        "there is no folder Benchmarks/ with an area '\(template.area)' here; "
          + "run this in the package's folder (areas: "
          + Files.names(in: "Benchmarks").map { $0.lowercased() }.joined(separator: ", ") + ")")
    }
    let file = "Benchmarks/\(area)/\(template.typeName).swift"
    if Files.exists(file) { throw LabError.invalid("\(file) exists already") }
    let catalog = "Benchmarks/\(area)/Catalog.swift"
    let listed = try template.adding(to: try Files.text(catalog), catalog: catalog)
    try Files.write(template.source, to: file)
    try Files.write(listed, to: catalog)
    print("wrote \(file)\nlisted it in \(catalog)\nnext: 'make build', 'perflab run \(id)'")
  }
}
