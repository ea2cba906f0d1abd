/// A shared library of peers, of which `make peers` builds one from each file under
/// `Benchmarks/Peers`: other libraries' code behind functions with C signatures.
public struct PeerLibrary: Hashable, Sendable, Codable {
  /// Of its source: `tbb` for `Benchmarks/Peers/tbb.cpp`.
  public let name: String
  /// What it calls, as a page names it: `oneTBB`.
  public let title: String
  /// Set in the worker's environment before the library is opened, for what it reads only then.
  public let variables: [String: String]
  /// How long its threads may look for work before they sleep, in nanoseconds. The sampler lets this
  /// pass after a sample, so that they are not on the processors of the next variant's threads.
  public let idleSpin: UInt64

  /// A library by its name.
  public init(
    _ name: String, title: String, variables: [String: String] = [:], idleSpin: UInt64 = 0
  ) {
    self.name = name
    self.title = title
    self.variables = variables
    self.idleSpin = idleSpin
  }

  /// `libperflab-tbb.so`
  public var file: String { "libperflab-\(name).so" }
}

/// Functions of a library that a variant calls.
public struct Peer: Hashable, Sendable, Codable {
  /// Where they are.
  public let library: PeerLibrary
  /// Their names. Whoever changes a function's signature gives it another name, so that no library
  /// of an older build is called by the new one.
  public let functions: [String]

  /// Functions by their names.
  public init(_ library: PeerLibrary, _ functions: String...) {
    self.library = library
    self.functions = functions
  }
}

/// What a library of peers says of itself: `oneTBB 2021.8, g++ 12.2.0`.
public struct PeerVersion: Hashable, Sendable, Codable {
  /// In the library's words.
  public let text: String

  /// A version by its words.
  public init(_ text: String) { self.text = text }
}

/// Why a peer can't be called: one line, with what to type.
public enum PeerFault: Error, Hashable, Sendable, Codable {
  /// Nothing was built, or the folder is another.
  case absent(PeerLibrary)
  /// The loader refuses the file.
  case refused(path: String, reason: String)
  /// It is of another version of its source.
  case functionMissing(path: String, function: String)
}

extension PeerFault: CustomStringConvertible {
  /// See `PeerFault`.
  public var description: String {
    switch self {
    case .absent(let library): "\(library.title) is not there; type: make peers"
    case .refused(let path, let reason):
      "\(path) can't be opened (\(reason)); type: rm \(path); make peers"
    case .functionMissing(let path, let function):
      "\(path) has no function \(function); type: rm \(path); make peers"
    }
  }
}
