/// Why a Shop does not open. Each is one line.
public enum ShopRefused: Error, Equatable, Sendable, CustomStringConvertible {
  /// The database holds data of another size.
  case otherData(String)
  /// The folder or a file in it can't be used.
  case folder(String, reason: String)
  /// The port is in use, or may not be used.
  case port(UInt16, reason: String)
  /// What the database says.
  case database(String)
  /// PostgreSQL has nothing of the kind.
  case needsSQLite(String, reason: String)

  /// One line, with what to do where that is not plain.
  public var description: String {
    switch self {
    case .otherData(let wanted):
      "the database holds data of another size than \(wanted); choose another folder with --db"
    case .folder(let path, let reason): "\(path) can't be used: \(reason)"
    case .port(let port, let reason):
      "port \(port) can't be used: \(reason); choose another one with --port, or 0 for any"
    case .database(let reason): "the database can't be used: \(reason)"
    case .needsSQLite(let what, let reason): "\(what) needs SQLite: \(reason)"
    }
  }
}
