import Glibc
import Platform
import Results
import Statistics

/// A worker process: prepares instances of variants and times them on request.
public enum Worker {
  /// Serves requests until the parent closes the pipe. Never returns.
  /// - Parameters:
  ///   - catalog: where the experiments are looked up; the parent's own.
  ///   - numbers: the numbers of a machine; the parent's own.
  ///   - isPinned: whether threads are kept on their processors, as they are unless the cost of
  ///     not doing so is the question.
  public static func serve(
    catalog: [Experiment],
    numbers: @escaping @Sendable (Machine) -> NumberCatalog = { _ in .none },
    isPinned: Bool = true
  ) -> Never {
    var channel = ParentChannel()
    // Before any thread is started: the kernel refuses it afterwards.
    let refusal = OwnNetwork.isWanted ? OwnNetwork.enter() : nil
    var sampler: Sampler?
    var bench = ProbeBench(numbers)
    while let line = channel.readLine() {
      let reply: Reply
      do {
        switch try decodeRequest(line) {
        case .outline: reply = .outline(Outline(of: catalog))
        case .prepare(let assignment):
          if let refusal { throw Trouble.sampling("no network namespaces: \(refusal)") }
          let prepared = try shiftingTheStack(seed: assignment.seed) {
            try Sampler(assignment, catalog: catalog, isPinned: isPinned)
          }
          sampler = prepared
          reply = .ready(prepared.readiness)
        case .run(let order, let iterations, let warmUpCalls):
          guard let sampler else { throw Trouble.protocolMismatch("run before prepare") }
          let samples = try sampler.run(order, iterations: iterations, warmUpCalls: warmUpCalls)
          reply = .samples(SampleBatch(samples))
        case .probe(let assignment):
          reply = .value(try bench.take(assignment))
        case .profile(let assignment, let seconds, let period):
          let bench = ProfileBench(assignment, catalog: catalog)
          reply = .profile(try bench.profile(seconds: seconds, period: period))
        case .parts(let assignment):
          reply = .parts(try ProfileBench(assignment, catalog: catalog).partTimes())
        case .count(let assignment):
          reply = .counts(try CountBench(assignment, catalog: catalog).count())
        case .demands(let assignment):
          reply = .demands(try ProfileBench(assignment, catalog: catalog).demands())
        case .replicate(let order):
          reply = .replications(try order.replications(of: catalog))
        case .peer(let peer):
          reply = .peer(try PeerFunctions(peer).version)
        }
      } catch let trouble as Trouble {
        reply = .trouble(trouble)
      } catch let fault as PeerFault {
        reply = .noPeer(fault)
      } catch {
        reply = .trouble(.preparation(variant: "", message: "\(error)"))
      }
      channel.writeLine(WorkerProtocol.encode(reply))
    }
    // The kernels' threads may still run: end without waiting for them.
    _exit(0)
  }

  private static func decodeRequest(_ line: [UInt8]) throws -> Request {
    do { return try WorkerProtocol.decode(Request.self, from: line) } catch {
      throw Trouble.protocolMismatch("\(error)")
    }
  }

  /// Runs `body` with the heap moved by a random amount, so that where things lie is drawn anew in
  /// each process and counts into its spread, not into a verdict.
  private static func shiftingTheStack<Result>(
    seed: UInt64, _ body: () throws -> Result
  ) rethrows -> Result {
    var generator = SeededGenerator(seed: seed, stream: 1)
    let bytes = Int(generator.next() % 256) * 16
    // Kept for the life of the process on purpose.
    _ = UnsafeMutableRawPointer.allocate(byteCount: bytes + 16, alignment: 16)
    return try body()
  }
}
