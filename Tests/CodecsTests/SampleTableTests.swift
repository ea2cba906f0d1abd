import Codecs
import Testing

@Suite struct SampleTableTests {
  private let table = SampleTable(rows: 500, seed: 3)

  @Test func textHasALinePerRowAndAColumnPerComma() {
    let lines = String(decoding: table.text, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 500)
    #expect(lines.allSatisfy { $0.split(separator: ",").count == 4 })
  }

  @Test func columnsHoldTheNumbersOfTheText() {
    let lines = String(decoding: table.text, as: UTF8.self).split(separator: "\n")
    let rows = lines.map { $0.split(separator: ",").compactMap { UInt64($0) } }
    let bytes = table.columnar
    #expect(bytes.count == 4 * 8 * 500)
    for column in 0..<4 {
      for row in [0, 250, 499] {
        let start = 8 * (column * 500 + row)
        let value = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        #expect(value == rows[row][column])
      }
    }
  }

  /// The first column's differences add up to its values.
  @Test func shortValuesAreReadBack() {
    var rest = table.encoded[...]
    func next() -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while let byte = rest.popFirst() {
        value |= UInt64(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      return value
    }
    var time: UInt64 = 0
    let times = (0..<500).map { _ in
      time += next()
      return time
    }
    let lines = String(decoding: table.text, as: UTF8.self).split(separator: "\n")
    #expect(times == lines.compactMap { UInt64($0.split(separator: ",")[0]) })
    #expect(table.encoded.count < table.columnar.count / 3)
  }

  @Test func theSameSeedGivesTheSameTable() {
    #expect(SampleTable(rows: 50, seed: 1).text == SampleTable(rows: 50, seed: 1).text)
    #expect(SampleTable(rows: 50, seed: 1).text != SampleTable(rows: 50, seed: 2).text)
  }
}
