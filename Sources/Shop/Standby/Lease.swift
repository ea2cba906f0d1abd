import Glibc
import Platform

/// The right to serve writes, for as long as nobody else has taken it: a number in a file that all
/// candidates can reach, and that grows with each holder (a fencing token).
///
/// A holder that was stopped does not know that its time is over, whatever its clock says. It has to
/// ask when it acts: what holds the token decides, not what the holder remembers.
///
/// Source: Gray and Cheriton, *Leases*, SOSP 1989; Kleppmann, *Designing Data-Intensive Applications*,
/// chapter 8, on fencing.
public struct Lease: Sendable {
  private let path: String
  /// Of this holder.
  public let token: UInt64

  /// Takes the lease from whoever holds it.
  /// - Parameter path: of a file, which is made where there is none.
  /// - Throws: `SystemError`.
  public init(taking path: String) throws(SystemError) {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw SystemError(call: "open \(path)", errno: errno) }
    defer { close(file) }
    guard flock(file, LOCK_EX) == 0 else { throw SystemError(call: "lock \(path)", errno: errno) }
    var next = (Self.token(in: file) ?? 0) + 1
    guard pwrite(file, &next, 8, 0) == 8 else {
      throw SystemError(call: "write \(path)", errno: errno)
    }
    self.path = path
    token = next
  }

  /// Whether nobody has taken it since.
  public var isHeld: Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    return Self.token(in: file) == token
  }

  private static func token(in file: Int32) -> UInt64? {
    var token: UInt64 = 0
    return pread(file, &token, 8, 0) == 8 ? token : nil
  }
}
