import Results

extension Variant {
  /// How long threads that it has called may go on without work, in nanoseconds.
  var idleSpin: UInt64 {
    needs.reduce(0) { longest, need in
      if case .peer(let peer) = need { max(longest, peer.library.idleSpin) } else { longest }
    }
  }

  /// A peer: another library's code for the same task. Without the library it is skipped, with the
  /// command that builds it.
  /// - Parameters:
  ///   - peer: the functions that it calls.
  ///   - prepare: as for any variant, from the same seed; gets the functions too.
  ///   - report, run: as for any variant, with the same result.
  public init<Input, Answer: ChecksumConvertible>(
    _ name: String, peer: Peer,
    prepare: @escaping @Sendable (Point, PeerFunctions) throws -> Input,
    report: (@Sendable (Input) -> [String: Counter])? = nil,
    run: @escaping @Sendable (Input) -> Answer
  ) {
    self.init(
      name, yardstick: .peer, shows: [], needs: [.peer(peer)],
      prepare: { try prepare($0, PeerFunctions(peer)) }, report: report, run: run)
  }

  /// A limit: what the task needs at least of the machine. Its result is compared with no other's,
  /// since it does less than the task.
  public init<Input, Answer: ChecksumConvertible>(
    limit name: String, prepare: @escaping @Sendable (Point) throws -> Input,
    report: (@Sendable (Input) -> [String: Counter])? = nil,
    run: @escaping @Sendable (Input) -> Answer
  ) {
    self.init(
      name, yardstick: .limit, shows: [], prepare: prepare, report: report, run: run)
  }
}
