import Glibc

/// A shared library that this process has opened. Unless it is closed, it stays open as long as the
/// process lives.
public struct OpenLibrary: @unchecked Sendable {
  // SAFETY (@unchecked): the loader's functions may be called by any thread.
  private let handle: UnsafeMutableRawPointer

  /// Opens a library with all that it needs.
  /// - Throws: `LibraryRefused`, with the loader's reason.
  public init(path: String) throws(LibraryRefused) {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let words = dlerror().map { String(cString: $0) } ?? "the loader gives no reason"
      throw LibraryRefused(reason: words.replacing("\n", with: " "))
    }
    self.handle = handle
  }

  /// Where a function or variable of the library lies; nil where it has none of that name.
  public func address(of symbol: String) -> UnsafeMutableRawPointer? { dlsym(handle, symbol) }

  /// Closes it. No address in it may be used afterwards.
  public func close() { dlclose(handle) }
}

/// Why a shared library could not be opened.
public struct LibraryRefused: Error, Hashable, Sendable, CustomStringConvertible {
  /// In the loader's words, which begin with the path.
  public let reason: String

  /// See `reason`.
  public var description: String { reason }
}

/// The file that this process runs.
public enum Executable {
  /// Its path with all links resolved; nil where the system does not say.
  public static func path() -> String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    guard length > 0 else { return nil }
    return String(decoding: path.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
