import Glibc
import Platform
import Shop
import Systems

/// A Shop in a process of its own, so that it can be killed in the middle of its work. Its data are in
/// a folder that outlives it.
public final class ShopProcess {
  /// Of the executable that has the command `shop serve`: this process's, or `perflab` beside it.
  static var executable: String? {
    guard let own = Executable.path(), let slash = own.lastIndex(of: "/") else { return nil }
    if own[own.index(after: slash)...] == "perflab" { return own }
    let beside = "\(own[..<slash])/perflab"
    return access(beside, X_OK) == 0 ? beside : nil
  }

  private let service: Service

  /// Starts it, and waits until it responds to a request.
  /// - Parameters:
  ///   - folder: of the Shop's data.
  ///   - port: nil for one that is free.
  ///   - arguments: further ones of `perflab shop serve`.
  /// - Throws: `ServiceError`.
  public init(
    folder: String, port: UInt16? = nil, _ arguments: [String] = []
  ) throws(ServiceError) {
    guard let path = Self.executable else {
      throw .notStarted("the Shop", reason: "there is no perflab beside this program")
    }
    let program = Service.Program(
      "the Shop", path: path, files: { _ in [:] },
      arguments: { place in
        ["shop", "serve", "--port", "\(place.port)", "--db", folder] + arguments
      })
    service = try Service(program, port: port) { place in
      Service.answers(PathsProtocol(["/health"]), at: place.endpoint)
    }
  }

  /// Where it listens.
  public var endpoint: Endpoint { service.place.endpoint }

  /// Ends it as `kill -9` does, with all that it has in memory.
  public func kill() { service.stop() }
}
