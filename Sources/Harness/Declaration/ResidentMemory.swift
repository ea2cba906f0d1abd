import Glibc
import Results

/// Bytes of this process that are in physical memory, for a variant's `report`.
///
/// Source: the second field of `/proc/self/statm`, in pages (proc_pid_statm(5)).
public func residentMemory() -> Counter {
  let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
  guard file >= 0 else {
    return Counter(unavailable: "/proc/self/statm: errno \(errno)", unit: .bytes)
  }
  defer { close(file) }
  var text = [UInt8](repeating: 0, count: 128)
  let length = read(file, &text, text.count)
  let fields = text.prefix(max(0, length)).split(separator: UInt8(ascii: " "))
  guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else {
    return Counter(unavailable: "/proc/self/statm has no second field", unit: .bytes)
  }
  return Counter(Double(pages * sysconf(Int32(_SC_PAGESIZE))), unit: .bytes)
}
