import Platform
import Results

extension ReplicationOrder {
  /// Runs a replication of each instance, in their order, on the calling thread.
  func replications(of catalog: [Experiment]) throws -> [Replicated] {
    guard let experiment = catalog.first(where: { $0.id == self.experiment }) else {
      throw Trouble.unknownExperiment(self.experiment)
    }
    var expected: [UInt64: Checksum] = [:]
    return try zip(instances, seeds).map { index, seed in
      guard experiment.variants.indices.contains(index),
        case .replication(let replicate) = experiment.variants[index].body
      else { throw Trouble.protocolMismatch("variant \(index) is not simulated") }
      let name = experiment.variants[index].name
      let point = Point(
        parameter, seed: seed, teams: TeamSource(cpus: []), moved: moved ?? [:])
      let start = Clock.now()
      let result: Replication
      do { result = try replicate(point) } catch {
        throw Trouble.preparation(variant: name, message: "\(error)")
      }
      if let other = expected[seed], !result.offered.agrees(with: other, within: .exact) {
        throw Trouble.wrongResult(variant: name, expected: other, found: result.offered)
      }
      expected[seed] = result.offered
      return Replicated(
        offered: result.offered, nanoseconds: Double(Clock.now() - start),
        figures: result.figures, observations: result.observations)
    }
  }
}
