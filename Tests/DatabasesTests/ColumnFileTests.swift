import Glibc
import Platform
import Statistics
import Testing

@testable import Databases

@Suite struct ColumnFileTests {
  private func file(_ columns: [ColumnFile.Column]) throws -> (ColumnFile, ScratchFolder) {
    let folder = try ScratchFolder(bytes: 4 << 20, in: "/tmp")
    try ColumnFile.write(columns, to: folder.file("c"))
    return (try ColumnFile(folder.file("c")), folder)
  }

  private func integers(_ values: [Int]) throws -> [Int] {
    let (file, _) = try file([.init("a", .integers(values))])
    #expect(file.rows == values.count)
    return try (0..<file.groups).flatMap { try file.integers(0, of: $0) { Array($0) } }
  }

  @Test(arguments: [0, 1, 2, 4_095, 4_096, 4_097, 10_000])
  func valuesComeBack(_ rows: Int) throws {
    var generator = SeededGenerator(seed: UInt64(rows) + 1)
    let random = (0..<rows).map { _ in Int.random(in: -500...20_000, using: &generator) }
    let wide = (0..<rows).map { _ in Int.random(in: .min ... .max, using: &generator) }
    let rising = (0..<rows).map { 1_000_000 + 7 * $0 + Int.random(in: 0...3, using: &generator) }
    for values in [random, wide, rising, Array(repeating: -3, count: rows)] {
      #expect(try integers(values) == values)
    }
  }

  @Test func extremesComeBack() throws {
    for values in [
      [.min, .max], [.max, .min, 0], [Int.max], [0, 1 << 55], [1 << 56, 0, 1 << 56],
    ] {
      #expect(try integers(values) == values)
    }
  }

  @Test func bitsAreAsFewAsTheRangeNeeds() throws {
    let steps = try #require(PackedIntegers(Array(0..<1_000)))
    #expect(steps.isDelta && steps.width == 0 && steps.bits.count == 8)
    let days = try #require(PackedIntegers([900, 3, 999, 0]))
    #expect(!days.isDelta && days.width == 10)
    #expect(PackedIntegers([0, 1 << 60]) == nil)
  }

  @Test func textsComeBackNumberedOrNot() throws {
    let few = (0..<5_000).map { ["", "zwölf", "🐘"][$0 % 3] }
    let many = (0..<5_000).map { "note \($0 * 7_919)" }
    let (file, _) = try file([
      .init("n", .integers(Array(0..<5_000))), .init("few", .texts(few)),
      .init("many", .texts(many)),
    ])
    for (name, texts) in [("few", few), ("many", many)] {
      let column = try file.column(name)
      #expect(try (0..<2).flatMap { try file.texts(column, of: $0) } == texts)
    }
    #expect(throws: ColumnFile.Fault.self) { try file.column("none") }
    // Only the columns that are asked for are read.
    let before = file.bytesRead
    _ = try file.integers(0, of: 0) { $0.count }
    #expect(file.bytesRead - before == 8)
  }

  @Test func aDamagedFileIsAnErrorOfOneLine() throws {
    let folder = try ScratchFolder(bytes: 4 << 20, in: "/tmp")
    let path = folder.file("c")
    try ColumnFile.write([.init("a", .integers(Array(0..<9_000)))], to: path)
    let descriptor = open(path, O_RDWR)
    let size = lseek(descriptor, 0, SEEK_END)
    var byte: UInt8 = 0xff
    pwrite(descriptor, &byte, 1, size - 40)
    #expect(throws: ColumnFile.Fault(path: path, reason: "it is damaged")) { try ColumnFile(path) }
    ftruncate(descriptor, size - 1)
    let none = ColumnFile.Fault(path: path, reason: "it is no file of columns")
    #expect(throws: none) { try ColumnFile(path) }
    close(descriptor)
    let absent = #expect(throws: ColumnFile.Fault.self) { try ColumnFile("/does/not/exist") }
    #expect(absent?.description == "/does/not/exist: No such file or directory")
  }
}
