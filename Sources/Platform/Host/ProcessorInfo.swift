/// The first processor's entry in `/proc/cpuinfo`, on x86-64 and on arm64.
struct ProcessorInfo {
  private let fields: [String: String]

  init(_ text: String) {
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let colon = line.firstIndex(of: ":") else {
        if fields["processor"] != nil { break }
        continue
      }
      let name = TextFile.trimmed(line[..<colon])
      if fields[name] == nil { fields[name] = TextFile.trimmed(line[line.index(after: colon)...]) }
    }
    self.fields = fields
  }

  /// The model's name. An Arm kernel reports only numbers; the names are those of util-linux.
  ///
  /// A hypervisor may leave a name that several generations share, such as `AMD EPYC`: one without
  /// any number gets the vendor's family and model numbers.
  var model: String? {
    if let name = fields["model name"], !name.isEmpty {
      guard !name.contains(where: \.isNumber), let family = fields["cpu family"],
        let model = fields["model"]
      else { return name }
      return "\(name) (family \(family), model \(model))"
    }
    guard let implementer = fields["CPU implementer"], let part = fields["CPU part"] else {
      return nil
    }
    return Self.armNames["\(implementer) \(part)"] ?? "Arm \(implementer) \(part)"
  }

  /// What the processor can do, as the kernel abbreviates it.
  var flags: Set<Substring> {
    Set((fields["flags"] ?? fields["Features"] ?? "").split(separator: " "))
  }

  /// The processor says itself that it is a guest's (x86-64 only).
  var isGuest: Bool { flags.contains("hypervisor") }

  var vectorFeatures: [String] {
    let flags = flags
    let names: [(flag: Substring, name: String)] = [
      ("sse4_2", "sse4_2"), ("avx", "avx"), ("avx2", "avx2"), ("fma", "fma"),
      ("avx512f", "avx512f"), ("avx512bw", "avx512bw"), ("asimd", "neon"), ("sve", "sve"),
      ("sve2", "sve2"),
    ]
    return names.filter { flags.contains($0.flag) }.map(\.name)
  }

  private static let armNames = [
    "0x41 0xd08": "Arm Cortex-A72", "0x41 0xd0b": "Arm Cortex-A76", "0x41 0xd0c": "Arm Neoverse N1",
    "0x41 0xd40": "Arm Neoverse V1", "0x41 0xd49": "Arm Neoverse N2",
    "0x41 0xd4f": "Arm Neoverse V2", "0x41 0xd8e": "Arm Neoverse N3",
    "0xc0 0xac3": "Ampere Altra", "0xc0 0xac4": "AmpereOne",
  ]
}
