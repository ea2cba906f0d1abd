import CPerflab
import Glibc

/// Names for places in this process's code: what a person wrote, not what the linker sees.
public final class Symboliser {
  private var files: [String: ELFSymbols?] = [:]
  private var names: [UInt: String] = [:]

  /// Knows nothing yet; files are read as they are met.
  public init() {}

  /// The function that holds a place, demangled and shortened; `[libfoo.so]` where its file names
  /// none there, `[unknown]` where it belongs to no file.
  public func name(of place: UInt) -> String {
    if let known = names[place] { return known }
    let name = find(place)
    names[place] = name
    return name
  }

  private func find(_ place: UInt) -> String {
    var offset: UInt = 0
    guard let path = perflab_code_file(place, &offset) else { return "[unknown]" }
    let file = String(cString: path)
    let symbols = symbols(of: file)
    if let name = symbols?.name(at: offset) { return FunctionName.readable(name) }
    return isProgram(file)
      ? "[this program]" : "[\(file.split(separator: "/").last.map(String.init) ?? file)]"
  }

  private func isProgram(_ file: String) -> Bool {
    file == CommandLine.arguments.first || file == "/proc/self/exe"
  }

  private func symbols(of file: String) -> ELFSymbols? {
    if let known = files[file] { return known }
    // The program's own name may be relative to another folder, and the file may be replaced.
    let symbols = Self.bytes(of: isProgram(file) ? "/proc/self/exe" : file).flatMap {
      ELFSymbols($0)
    }
    files[file] = .some(symbols)
    return symbols
  }

  private static func bytes(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
    let size = Int(status.st_size)
    return try? [UInt8](unsafeUninitializedCapacity: size) { buffer, count throws(ReadFailure) in
      while count < size {
        let step = read(descriptor, buffer.baseAddress! + count, size - count)
        guard step > 0 else { throw ReadFailure() }
        count += step
      }
    }
  }

  private struct ReadFailure: Error {}
}
