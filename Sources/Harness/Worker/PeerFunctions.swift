import Glibc
import Platform

/// A peer's functions, in the process that calls them.
public struct PeerFunctions: @unchecked Sendable {
  // SAFETY (@unchecked): addresses of code, which does not change.
  private let addresses: [String: UnsafeMutableRawPointer]
  /// What the library says of itself.
  let version: PeerVersion

  /// Tells the version; every library has it.
  private static let versionFunction = "perflab_peer_version"
  /// Gives `NAME=value` where the library should be opened again with that variable; few have it.
  private static let settingFunction = "perflab_peer_setting"

  /// Opens the peer's library.
  /// - Throws: `PeerFault`.
  init(_ peer: Peer) throws(PeerFault) {
    guard let path = PeerFolder.path(of: peer.library, in: Self.environment) else {
      throw .absent(peer.library)
    }
    for (name, value) in peer.library.variables { setenv(name, value, 1) }
    var library = try Self.open(path)
    if let (name, value) = Self.setting(of: library) {
      library.close()
      setenv(name, value, 1)
      library = try Self.open(path)
    }
    var addresses: [String: UnsafeMutableRawPointer] = [:]
    for name in peer.functions + [Self.versionFunction] {
      guard let address = library.address(of: name) else {
        throw .functionMissing(path: path, function: name)
      }
      addresses[name] = address
    }
    self.addresses = addresses
    // SAFETY: every library of peers has this function, with this signature (Peers/peers.hpp).
    let version = unsafeBitCast(
      addresses[Self.versionFunction], to: (@convention(c) () -> UnsafePointer<CChar>).self)
    self.version = PeerVersion(String(cString: version()))
  }

  /// One of the functions that the peer names.
  /// - Parameter type: its C signature, `(@convention(c) (Int) -> Int).self`. Nothing checks it.
  public func callAsFunction<Function>(_ name: String, as type: Function.Type) -> Function {
    guard let address = addresses[name] else {
      preconditionFailure("the peer does not name the function \(name)")
    }
    precondition(
      MemoryLayout<Function>.size == MemoryLayout<UnsafeRawPointer>.size,
      "\(type) is no C function")
    // SAFETY: the caller vouches for the signature; a C function is its address.
    return unsafeBitCast(address, to: type)
  }

  private static func open(_ path: String) throws(PeerFault) -> OpenLibrary {
    do { return try OpenLibrary(path: path) } catch {
      throw .refused(path: path, reason: error.reason.replacing("\(path): ", with: ""))
    }
  }

  /// A variable that a library wants; nil if it is content.
  private static func setting(of library: OpenLibrary) -> (name: String, value: String)? {
    guard let address = library.address(of: settingFunction) else { return nil }
    // SAFETY: with this signature, as the version.
    let ask = unsafeBitCast(address, to: (@convention(c) () -> UnsafePointer<CChar>?).self)
    guard let text = ask().map({ String(cString: $0) }),
      let equals = text.firstIndex(of: "=")
    else { return nil }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  private static var environment: [String: String] {
    getenv(PeerFolder.variable).map { [PeerFolder.variable: String(cString: $0)] } ?? [:]
  }
}

/// Where the libraries of peers lie.
enum PeerFolder {
  /// Names another folder than the usual ones.
  static let variable = "PERFLAB_PEERS"

  /// A library's file; nil where there is none.
  /// - Parameter environment: of the process that is to open it.
  static func path(of library: PeerLibrary, in environment: [String: String]) -> String? {
    let folders = environment[variable].map { [$0] } ?? usual
    return folders.map { "\($0)/\(library.file)" }.first { access($0, F_OK) == 0 }
  }

  /// Beside the executable, and beside the build's folder that it lies in.
  private static var usual: [String] {
    var folder = (Executable.path() ?? "").split(separator: "/").dropLast()
    var folders: [String] = []
    for _ in 0..<3 where !folder.isEmpty {
      folders.append("/\(folder.joined(separator: "/"))/peers")
      folder = folder.dropLast()
    }
    return folders
  }
}
