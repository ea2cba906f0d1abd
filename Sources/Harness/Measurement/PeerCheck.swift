import Platform
import Synchronization

/// Finds out which peers can be called, each library in a process of its own: a damaged one may end
/// the process that opens it.
public final class PeerCheck: Sendable {
  private let launch: WorkerLaunch
  private let known = Mutex<[Peer: Result<PeerVersion, PeerFault>]>([:])

  /// - Parameter launch: how workers are started; its executable knows the protocol.
  public init(_ launch: WorkerLaunch) { self.launch = launch }

  /// What a peer's library is, or why it can't be called. Each is tried once.
  public func callAsFunction(_ peer: Peer) -> Result<PeerVersion, PeerFault> {
    if let found = known.withLock({ $0[peer] }) { return found }
    let found = tried(peer)
    known.withLock { $0[peer] = found }
    return found
  }

  private func tried(_ peer: Peer) -> Result<PeerVersion, PeerFault> {
    guard let path = PeerFolder.path(of: peer.library, in: launch.environment) else {
      return .failure(.absent(peer.library))
    }
    do {
      let worker: ChildProcess
      do {
        worker = try ChildProcess(
          path: launch.path, arguments: launch.arguments, environment: launch.environment)
      } catch { throw PointFailure.worker(error, doing: "starting") }
      worker.writeLine(WorkerProtocol.encode(Request.peer(peer)))
      switch try worker.answer(within: launch.timeout, doing: "opening it") {
      case .peer(let version): return .success(version)
      case .noPeer(let fault): return .failure(fault)
      default: throw PointFailure.refused("the worker's answer is another")
      }
    } catch { return .failure(.refused(path: path, reason: "\(error)")) }
  }
}
