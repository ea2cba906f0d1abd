import Synchronization

/// What all instances of a variant in one process would find alike, such as the traces of a fault:
/// it is looked for once.
final class OncePerProcess<Found: Sendable>: Sendable {
  private let known = Mutex<[String: Found]>([:])

  /// - Parameters:
  ///   - key: all that it depends on, the seed included.
  ///   - find: called where it is not known.
  func callAsFunction(_ key: String, _ find: () throws -> Found) throws -> Found {
    try known.withLock { known throws -> Found in
      if let found = known[key] { return found }
      let found = try find()
      known[key] = found
      return found
    }
  }
}
