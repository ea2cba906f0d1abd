/// The functions of a program or library, from its file: what lies where.
///
/// Only the table of symbols is read: the full one where the file was not stripped, else that of
/// the dynamic linker. 64-bit little-endian files alone. Source: *Tool Interface Standard: ELF*,
/// version 1.2, and the System V ABI's 64-bit object format.
public struct ELFSymbols: Sendable {
  /// A function's place and its name as the compiler wrote it.
  struct Function: Equatable, Sendable {
    let start: UInt
    let size: UInt
    let name: String
  }

  /// In the order of their places.
  let functions: [Function]
  /// The address that the file asks for its first byte.
  let base: UInt

  /// Nil where the bytes are no such file.
  public init?(_ bytes: [UInt8]) {
    let file = Bytes(bytes)
    guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]), let sections = Self.sections(file),
      let base = Self.base(file)
    else { return nil }
    self.base = base
    // 2 is SHT_SYMTAB, 11 is SHT_DYNSYM.
    guard
      let table = sections.first(where: { $0.type == 2 })
        ?? sections.first(where: { $0.type == 11 }), sections.indices.contains(table.link)
    else {
      functions = []
      return
    }
    let names = sections[table.link]
    var found: [Function] = []
    for index in 0..<(table.size / 24) {
      let at = table.offset + index * 24
      guard let name = file.number(at, 4), let info = file.number(at + 4, 1),
        let start = file.number(at + 8, 8), let size = file.number(at + 16, 8)
      else { return nil }
      // 2 is STT_FUNC, 10 is STT_GNU_IFUNC; what lies elsewhere has the address 0.
      guard [2, 10].contains(info & 15), start != 0, let text = file.text(names.offset + Int(name))
      else { continue }
      found.append(Function(start: start, size: size, name: text))
    }
    functions = found.sorted { ($0.start, $0.size, $0.name) < ($1.start, $1.size, $1.name) }
  }

  /// The name of the function that an address lies in, counted from the start of the file as it is
  /// loaded; nil where none claims it.
  public func name(at offset: UInt) -> String? {
    let address = offset + base
    var low = 0
    var high = functions.count
    while low < high {
      let middle = (low + high) / 2
      if functions[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let function = functions[low - 1]
    return address - function.start < max(function.size, 1) ? function.name : nil
  }

  private struct Section {
    let type: Int
    let offset: Int
    let size: Int
    let link: Int
  }

  private static func sections(_ file: Bytes) -> [Section]? {
    guard let start = file.number(0x28, 8), let step = file.number(0x3a, 2),
      let count = file.number(0x3c, 2), start <= UInt(file.count)
    else { return nil }
    var result: [Section] = []
    for index in 0..<count {
      let at = Int(start + index * step)
      guard let type = file.number(at + 4, 4), let offset = file.number(at + 24, 8),
        let size = file.number(at + 32, 8), let link = file.number(at + 40, 4)
      else { return nil }
      // 8 is SHT_NOBITS, which takes no place in the file.
      let end = offset.addingReportingOverflow(size)
      guard type == 8 || !end.overflow && end.partialValue <= UInt(file.count) else { return nil }
      result.append(
        Section(
          type: Int(type), offset: type == 8 ? 0 : Int(offset), size: type == 8 ? 0 : Int(size),
          link: Int(link)))
    }
    return result
  }

  /// The lowest address of a segment that is loaded, at a page's start.
  private static func base(_ file: Bytes) -> UInt? {
    guard let start = file.number(0x20, 8), let step = file.number(0x36, 2),
      let count = file.number(0x38, 2), start <= UInt(file.count)
    else { return nil }
    var lowest: UInt?
    for index in 0..<count {
      let at = Int(start + index * step)
      guard let type = file.number(at, 4), let address = file.number(at + 16, 8) else { return nil }
      // 1 is PT_LOAD.
      if type == 1 { lowest = min(lowest ?? address, address) }
    }
    return (lowest ?? 0) & ~0xfff
  }
}

/// Numbers and texts in a file; nil for what lies beyond its end.
private struct Bytes {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: Int { bytes.count }

  /// Little-endian.
  func number(_ at: Int, _ size: Int) -> UInt? {
    guard at >= 0, at <= bytes.count - size else { return nil }
    return bytes[at..<(at + size)].reversed().reduce(0) { $0 << 8 | UInt($1) }
  }

  /// Up to its zero.
  func text(_ at: Int) -> String? {
    guard bytes.indices.contains(at), let end = bytes[at...].firstIndex(of: 0) else { return nil }
    return String(decoding: bytes[at..<end], as: UTF8.self)
  }
}
