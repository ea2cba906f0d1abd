import Codecs

/// Files of an image that come together, and how they are archived.
struct ImageLayer: Sendable {
  let files: [(name: String, bytes: [UInt8])]

  /// What changes twice a year.
  static let system = ImageLayer(files: (0..<15).map { file("lib-\($0).so", 128 << 10, $0) })
  /// What changes with each release.
  static let program = ImageLayer(files: (0..<4).map { file("program-\($0)", 32 << 10, 40 + $0) })

  /// Code and tables: half as compressible as text.
  private static func file(
    _ name: String, _ count: Int, _ seed: Int
  ) -> (name: String, bytes: [UInt8]) {
    let text = SampleData.json.bytes(count / 2, seed: UInt64(seed))
    let dense = SampleData.pictures.bytes(count / 4, seed: UInt64(seed))
    return (name, text + dense + SampleData.columns.bytes(count / 4, seed: UInt64(seed)))
  }

  /// The files of some layers as a tar archive.
  ///
  /// Source: POSIX.1-1988, ustar: a header of 512 bytes, the file, zeros up to the next 512.
  static func archive(_ layers: [ImageLayer]) -> [UInt8] {
    var archive: [UInt8] = []
    for file in layers.flatMap(\.files) {
      archive += header(file.name, file.bytes.count) + file.bytes
      archive += [UInt8](repeating: 0, count: (512 - file.bytes.count % 512) % 512)
    }
    return archive + [UInt8](repeating: 0, count: 1_024)
  }

  private static func header(_ name: String, _ size: Int) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) {
      for (index, byte) in text.utf8.enumerated() { header[place + index] = byte }
    }
    func octal(_ value: Int, digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(name, at: 0)
    put("0000644", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(octal(size, digits: 11), at: 124)
    put("00000000000", at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0", at: 148)
    return header
  }

  /// The files of an archive.
  static func files(in archive: [UInt8]) -> [(name: String, bytes: ArraySlice<UInt8>)] {
    var files: [(String, ArraySlice<UInt8>)] = []
    var place = 0
    while place + 512 <= archive.count, archive[place] != 0 {
      let name = String(decoding: archive[place..<place + 100].prefix { $0 != 0 }, as: UTF8.self)
      let digits = String(decoding: archive[place + 124..<place + 135], as: UTF8.self)
      let size = Int(digits, radix: 8) ?? 0
      place += 512
      files.append((name, archive[place..<place + size]))
      place += (size + 511) / 512 * 512
    }
    return files
  }
}
