import CPerflab
import Glibc

/// The machine and its system, in the words that a reader judges a number by.
public struct Host: Equatable, Sendable {
  /// The processor's model: `AMD EPYC 9R14`. "unknown" where the system does not report it.
  public let processor: String
  /// `x86_64` or `aarch64`.
  public let architecture: String
  /// The kernel's release: `6.12.1`.
  public let kernel: String
  /// The distribution's name for itself: `Debian GNU/Linux 12 (bookworm)`.
  public let system: String
  /// Memory in bytes; 0 where the system does not report it.
  public let memoryBytes: Int
  /// Size of an ordinary page in bytes.
  public let pageBytes: Int
  /// The hypervisor's name; nil on bare metal.
  public let hypervisor: String?
  /// Vector extensions of the processor that this program knows: `avx2`, `neon`.
  public let features: [String]

  /// This machine. Whatever can't be read is "unknown", 0 or empty; nothing here fails.
  /// - Parameter root: the folder that holds `proc`, `sys` and `etc`; tests plant their own.
  public static func current(root: String = "/") -> Host {
    let root = root.hasSuffix("/") ? String(root.dropLast()) : root
    let info = ProcessorInfo(TextFile.text(root + "/proc/cpuinfo") ?? "")
    return Host(
      processor: info.model ?? deviceTreeModel(root) ?? "unknown",
      architecture: uname(\.machine), kernel: uname(\.release),
      system: systemName(root) ?? "unknown", memoryBytes: MemoryInfo.read(root: root)?.total ?? 0,
      pageBytes: Int(perflab_page_bytes()), hypervisor: Hypervisor.name(info, root: root),
      features: info.vectorFeatures)
  }

  /// A folder's name for a machine: `amd-epyc-9r14-96-cores`. Lower case, digits and hyphens.
  public static func machineName(processor: String, cores: Int) -> String {
    var words = processor.lowercased().replacing("(r)", with: " ").replacing("(tm)", with: " ")
      .prefix { $0 != "@" }.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")) }
    words.removeAll { word in
      ["cpu", "processor", "with", "gen", "graphics", "radeon"].contains(word)
        || (word.hasSuffix("th") && word.dropLast(2).allSatisfy(\.isNumber))
        || word.hasSuffix("-core") || word.allSatisfy { $0 == "-" }
    }
    let model = words.isEmpty ? "unknown" : words.joined(separator: "-")
    return "\(model)-\(cores)-\(cores == 1 ? "core" : "cores")"
  }

  private static func systemName(_ root: String) -> String? {
    for file in ["/etc/os-release", "/usr/lib/os-release"] {
      guard let text = TextFile.text(root + file) else { continue }
      for line in text.split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
        return String(line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" && $0 != "'" })
      }
    }
    return nil
  }

  private static func deviceTreeModel(_ root: String) -> String? {
    TextFile.text(root + "/sys/firmware/devicetree/base/model").flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func uname<Field>(_ field: KeyPath<utsname, Field>) -> String {
    var names = utsname()
    guard Glibc.uname(&names) == 0 else { return "unknown" }
    // SAFETY: each field of `utsname` is a terminated string in an array of characters.
    return withUnsafeBytes(of: names[keyPath: field]) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

/// Memory as `/proc/meminfo` counts it, in bytes.
public struct MemoryInfo: Equatable, Sendable {
  /// What the machine has.
  public let total: Int
  /// What can be had without swapping, by the kernel's estimate (`MemAvailable`).
  public let available: Int

  /// Nil where the file is absent or does not have the two lines.
  public static func read(root: String = "") -> MemoryInfo? {
    guard case .success(let content) = TextFile.bytes(root + "/proc/meminfo") else { return nil }
    return content.withUnsafeBytes { text in
      func kibibytes(_ name: String) -> Int? {
        guard var numbers = text.after(name), let value = numbers.next() else { return nil }
        return Int(clamping: value.multipliedReportingOverflow(by: 1024).partialValue)
      }
      guard let total = kibibytes("MemTotal:"), let available = kibibytes("MemAvailable:") else {
        return nil
      }
      return MemoryInfo(total: total, available: available)
    }
  }
}
