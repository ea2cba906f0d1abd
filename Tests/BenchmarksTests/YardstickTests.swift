import Foundation
import Harness
import Testing

@Suite("Yardsticks")
struct YardstickTests {
  /// Where the candidate is an algorithm or a structure, which others have written as well.
  private static let slots = [
    "performance/cpu/algorithmic", "performance/cpu/parallelization", "performance/memory/layout",
    "performance/memory/pools",
  ]

  @Test(
    "an algorithm or a structure is compared with a peer or a limit, or says why with none",
    arguments: catalog.filter { slots.contains($0.slot) })
  func algorithmsHaveYardsticks(experiment: Experiment) {
    let has = experiment.variants.contains { $0.yardstick != nil }
    #expect(has || experiment.noYardstick != nil, "\(experiment.id)")
    if let reason = experiment.noYardstick {
      #expect(reason.count > 30 && reason.hasSuffix("."), "\(reason)")
    }
  }

  @Test("every library of peers has a source and a line in the script that builds it")
  func librariesHaveSources() throws {
    let script = try text("Tools/build-peers")
    for library in PeerLibrary.all {
      #expect(try text("Benchmarks/Peers/\(library.name).cpp").contains("perflab_peer_version"))
      #expect(script.contains("\(library.name)|"), "\(library.name)")
    }
    let folder = Self.root.appending(path: "Benchmarks/Peers").path(percentEncoded: false)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let sources = Set(files.filter { $0.hasSuffix(".cpp") })
    #expect(sources == Set(PeerLibrary.all.map { "\($0.name).cpp" }))
  }

  @Test("every function that a peer calls is in its library's source", arguments: catalog)
  func functionsExist(experiment: Experiment) throws {
    for case .peer(let peer) in experiment.variants.flatMap(\.needs) {
      #expect(PeerLibrary.all.contains(peer.library))
      let source = try text("Benchmarks/Peers/\(peer.library.name).cpp")
      for function in peer.functions {
        #expect(source.contains(" \(function)(") || source.contains("*\(function)("), "\(function)")
      }
    }
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }
}
