import Glibc
import Testing

@testable import Platform

@Suite("Names of functions")
struct SymbolTests {
  @Test("are read off a file's table and found by their places")
  func table() throws {
    let symbols = try #require(ELFSymbols(ELFExample.file()))
    #expect(symbols.base == 0x1000)
    #expect(symbols.functions.map(\.name) == ["first", "second"])
    // Places count from where the file was loaded.
    #expect(symbols.name(at: 0x0ff) == nil)
    #expect(symbols.name(at: 0x100) == "first")
    #expect(symbols.name(at: 0x10f) == "first")
    #expect(symbols.name(at: 0x110) == nil)
    #expect(symbols.name(at: 0x200) == "second")
  }

  @Test("What is no such file has none, and no damage to one is fatal")
  func damage() {
    #expect(ELFSymbols([]) == nil)
    #expect(ELFSymbols(Array("#!/bin/sh\n".utf8)) == nil)
    let whole = ELFExample.file()
    for count in 0..<whole.count { _ = ELFSymbols(Array(whole[..<count])) }
    for index in whole.indices {
      var bytes = whole
      bytes[index] = 0xff
      _ = ELFSymbols(bytes)?.name(at: 0x100)
    }
  }

  @Test("This program's own functions have names, and nobody's place has none")
  func ownNames() {
    let symboliser = Symboliser()
    #expect(symboliser.name(of: 1) == "[unknown]")
    let place = UInt(bitPattern: dlsym(nil, "malloc"))
    #expect(symboliser.name(of: place).contains("malloc"))
  }

  @Test(
    "are shortened to path and name",
    arguments: [
      (
        "CPUBenchmarks.(handle in _DCBBC948F4DAC1C9893A55372AB23FC1)(Swift.String) -> Swift.Int",
        "CPUBenchmarks.handle"
      ),
      ("Swift.Array.append(__owned A) -> ()", "Array.append"),
      (
        "generic specialization <Swift.UInt8> of Swift.Array.append(contentsOf: A) -> ()",
        "Array.append"
      ),
      (
        "function signature specialization <Arg[0] = Owned To Guaranteed> of generic "
          + "specialization <(Swift.Int) -> ()> of Swift.Dictionary.subscript.getter : A?",
        "Dictionary.subscript.getter"
      ),
      (
        "closure #3 @Sendable (CPUBenchmarks.(Requests in _DCBBC948F4DAC1C9893A55372AB23FC1)) "
          + "-> Swift.UInt64 in variable initialization expression of static (extension in "
          + "CPUBenchmarks):Harness.Experiment.hotPath : Harness.Experiment",
        "closure #3 in CPUBenchmarks.Experiment.hotPath"
      ),
      ("merged Techniques.Ring.push<A>(A) -> Swift.Bool", "Techniques.Ring.push"),
      (
        "generic specialization <Swift.Substring> of (extension in Swift):Swift.Collection< where "
          + "A.Element: Swift.Equatable>.split(separator: A.Element) -> [A.SubSequence]",
        "Collection.split"
      ),
      ("Swift._allASCII(Swift.UnsafeBufferPointer<Swift.UInt8>) -> Swift.Bool", "Swift._allASCII"),
      ("swift::HeapObject::retain(unsigned long)", "swift::HeapObject::retain"),
    ])
  func shortening(full: String, short: String) {
    #expect(FunctionName.shortened(full) == short)
  }

  @Test("are demangled where they are mangled")
  func demangling() {
    #expect(FunctionName.readable("$sSa6appendyyxnF") == "Array.append")
    #expect(FunctionName.readable("_int_malloc") == "_int_malloc")
    #expect(FunctionName.readable("$sNoSuchThing") == "$sNoSuchThing")
  }
}

/// The smallest file that holds two functions: header, one segment, names, symbols, sections.
enum ELFExample {
  static func file() -> [UInt8] {
    let names = Array("\0first\0second\0".utf8)
    let symbols =
      symbol(0, 0, 0, 0) + symbol(1, 2, 0x1100, 16) + symbol(7, 2, 0x1200, 0)
      + symbol(7, 1, 0x1300, 8)
    let nameStart = 64 + 56
    let symbolStart = nameStart + names.count
    let sectionStart = symbolStart + symbols.count
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + zeros(9)
    file += number(3, 2) + number(62, 2) + number(1, 4) + number(0, 8)
    file += number(64, 8) + number(sectionStart, 8) + number(0, 4)
    file += number(64, 2) + number(56, 2) + number(1, 2)
    file += number(64, 2) + number(2, 2) + number(0, 2)
    // A segment that is loaded at 0x1010, which lies on the page 0x1000.
    file += number(1, 4) + number(5, 4) + number(0, 8) + number(0x1010, 8) + zeros(32)
    file += names + symbols
    file += section(type: 3, offset: nameStart, size: names.count, link: 0)
    file += section(type: 2, offset: symbolStart, size: symbols.count, link: 0)
    return file
  }

  private static func symbol(_ name: Int, _ type: Int, _ start: Int, _ size: Int) -> [UInt8] {
    number(name, 4) + number(type, 1) + number(0, 1) + number(1, 2) + number(start, 8)
      + number(size, 8)
  }

  private static func section(type: Int, offset: Int, size: Int, link: Int) -> [UInt8] {
    number(0, 4) + number(type, 4) + zeros(16) + number(offset, 8) + number(size, 8)
      + number(link, 4) + zeros(20)
  }

  private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private static func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }
}
