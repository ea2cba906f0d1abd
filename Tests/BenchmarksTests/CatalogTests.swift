import CPUBenchmarks
import CostBenchmarks
import Foundation
import Harness
import MemoryBenchmarks
import MigrationBenchmarks
import NetworkBenchmarks
import ScaleBenchmarks
import StorageBenchmarks
import Testing

@testable import Rendering

/// Every experiment there is. A new area adds its catalog here.
let catalog: [Experiment] =
  cpuBenchmarks + memoryBenchmarks + networkBenchmarks + storageBenchmarks + scaleBenchmarks
  + costBenchmarks + migrationBenchmarks

extension Experiment: CustomTestStringConvertible {
  /// Names the test's case in its output.
  public var testDescription: String { id }
}

@Suite("The catalog")
struct CatalogTests {
  @Test("ids are unique")
  func idsAreUnique() {
    #expect(Set(catalog.map(\.id)).count == catalog.count)
  }

  @Test("each area's experiments are in that area's catalog")
  func areasHoldTheirOwn() {
    #expect(cpuBenchmarks.allSatisfy { $0.area == "cpu" })
    #expect(memoryBenchmarks.allSatisfy { $0.area == "memory" })
    #expect(networkBenchmarks.allSatisfy { $0.area == "network" })
    #expect(storageBenchmarks.allSatisfy { $0.area == "storage" })
    #expect(scaleBenchmarks.allSatisfy { $0.area == "scale" })
    #expect(costBenchmarks.allSatisfy { $0.area == "cost" })
    #expect(migrationBenchmarks.allSatisfy { $0.area == "migration" })
  }

  @Test("ids are area/name in lower case", arguments: catalog)
  func idsAreWellFormed(experiment: Experiment) {
    #expect(experiment.id.wholeMatch(of: #/[a-z]+(/[a-z0-9]+(-[a-z0-9]+)*)/#) != nil)
  }

  @Test("the slot is one of the curriculum's", arguments: catalog)
  func slotsExist(experiment: Experiment) {
    #expect(curriculum.contains(experiment.slot), "\(experiment.slot)")
  }

  @Test("claim, mechanism and limits are sentences", arguments: catalog)
  func textsAreSentences(experiment: Experiment) {
    for text in [experiment.claim, experiment.mechanism, experiment.limits] {
      #expect(text.count > 40 && text.hasSuffix("."), "\(text)")
      #expect(!text.contains("  "), "a line was continued with two blanks: \(text)")
    }
    #expect(!experiment.title.isEmpty && !experiment.title.hasSuffix("."))
  }

  @Test(
    "the diagram is a flowchart that the site can draw, with a place for every variant",
    arguments: catalog)
  func diagramsNameEachVariant(experiment: Experiment) {
    let names = experiment.variants.map(\.name) + ["speedup", "point"]
    let values = Dictionary(names.map { ($0, "1 ns") }) { first, _ in first }
    let filled = DiagramBlock.filled(experiment.diagram, values)
    #expect(FlowchartReader.read(filled) != nil, "not what FlowchartReader reads:\n\(filled)")
    // A yardstick stands beside the drawing, in the tables.
    for variant in experiment.variants where variant.yardstick == nil {
      #expect(experiment.diagram.contains("{\(variant.name)}"), "{\(variant.name)}")
    }
  }

  @Test("variants have names of their own", arguments: catalog)
  func variantNamesAreUnique(experiment: Experiment) {
    #expect(Set(experiment.variants.map(\.name)).count == experiment.variants.count)
  }

  @Test("the code that a variant shows is in its file", arguments: catalog)
  func shownCodeExists(experiment: Experiment) throws {
    let text = try String(contentsOfFile: experiment.file, encoding: .utf8)
    let excerpts = experiment.excerpts(from: text, path: experiment.file)
    for variant in experiment.variants {
      let found = excerpts.filter { $0.variant == variant.name }
      #expect(found.count == variant.shows.count, "\(variant.shows)")
      #expect(!variant.shows.isEmpty || variant.yardstick != nil, "\(variant.name) shows no code")
    }
  }

  @Test(
    "sweeps have distinct values, and a smoke value that is not the largest", arguments: catalog)
  func sweepsAreSensible(experiment: Experiment) throws {
    let values = experiment.sweep.values.map(\.value)
    #expect(!values.isEmpty && Set(values).count == values.count)
    if experiment.sweep.isNumeric {
      #expect(values == values.sorted())
      #expect(experiment.sweep.smoke.value <= (try #require(values.max())))
    }
  }

  @Test("the headline is a candidate at a value of the sweep", arguments: catalog)
  func headlinesExist(experiment: Experiment) {
    let candidates = experiment.variants.dropFirst().filter { !$0.isReference }.map(\.name)
    #expect(!candidates.isEmpty && !experiment.variants[0].isReference)
    guard let headline = experiment.headline else { return }
    #expect(candidates.contains(headline.variant))
    #expect(experiment.sweep.values.contains { $0.value == headline.value })
  }

  @Test("a coarse preset keeps the headline, and the ends of a mirrored sweep", arguments: catalog)
  func coarseSweepsKeepTheirHeadline(experiment: Experiment) {
    let all = experiment.sweep.values
    #expect(experiment.fitted(to: .standard).sweep.values == all)
    let few = experiment.fitted(to: .quick).sweep.values
    if experiment.isMirrored { #expect(few.first == all.first && few.last == all.last) }
    #expect(!few.isEmpty && few.allSatisfy(all.contains))
    if let headline = experiment.headline { #expect(few.contains { $0.value == headline.value }) }
    if experiment.evidence == .computed || experiment.sweep.threads != nil { #expect(few == all) }
  }

  @Test("a call has work to do at every value", arguments: catalog)
  func workIsPositive(experiment: Experiment) {
    for parameter in experiment.sweep.values + [experiment.sweep.smoke] {
      #expect(experiment.work(parameter.value).elements > 0)
    }
  }
}
