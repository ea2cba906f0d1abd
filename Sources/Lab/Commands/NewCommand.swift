import ArgumentParser
import Harness

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Create an experiment: its file, and its line in the area's catalog.",
    discussion: "Run it in the package's folder. CONTRIBUTING.md explains the next steps.")

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
      throw LabError.invalid(
        "there is an experiment '\(id)' already; see '\(Lab.program) show \(id)'")
    }
    let template = NewExperiment(id: id)
    let areas = Files.names(in: "Benchmarks").filter {
      Files.exists("Benchmarks/\($0)/Catalog.swift")
    }
    guard
      let area = areas.first(where: { $0.lowercased() == template.area })
    else {
      let known =
        areas.isEmpty ? "" : " (areas: \(areas.map { $0.lowercased() }.joined(separator: ", ")))"
      throw LabError.invalid(
        "there is no Catalog.swift in a folder Benchmarks/ for the area '\(template.area)' here; "
          + "run this in the package's folder" + known)
    }
    let file = "Benchmarks/\(area)/\(template.typeName).swift"
    if Files.exists(file) { throw LabError.invalid("\(file) exists already") }
    let catalog = "Benchmarks/\(area)/Catalog.swift"
    let listed = try template.adding(to: try Files.text(catalog), catalog: catalog)
    try Files.write(template.source, to: file)
    try Files.write(listed, to: catalog)
    try Console.line(
      "wrote \(file)\nlisted it in \(catalog)\nnext: build, then '\(Lab.program) run \(id)'")
  }
}
