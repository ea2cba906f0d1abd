/// Comma-separated values. Lines end with a line feed only, as Unix tools expect.
/// Source: RFC 4180.
public enum CSV {
  /// A field as it stands in a line: quoted where it holds what would end it.
  public static func field(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { !",\"\n\r".utf8.contains($0) }
    return isPlain ? text : "\"" + text.flatMap { $0 == "\"" ? "\"\"" : String($0) } + "\""
  }

  /// Fields in a line, with its end.
  public static func line(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\n"
  }

  /// The fields of all records; an empty line is none. A quotation mark that is not closed ends
  /// with the text.
  public static func records(_ text: [UInt8]) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var index = 0
    while index < text.count {
      record.append(nextField(text, &index))
      if index < text.count, text[index] == UInt8(ascii: ",") {
        index += 1
        // A comma at the very end is followed by one more, empty field.
        if index < text.count { continue }
        record.append("")
      }
      while index < text.count, text[index] == 0x0A || text[index] == 0x0D { index += 1 }
      if record != [""] { records.append(record) }
      record = []
    }
    return records
  }

  /// Leaves the index on what ended the field.
  private static func nextField(_ text: [UInt8], _ index: inout Int) -> String {
    var field: [UInt8] = []
    var isQuoted = false
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "\"") {
        let isDoubled = isQuoted && index + 1 < text.count && text[index + 1] == byte
        if isDoubled {
          field.append(byte)
          index += 1
        } else {
          isQuoted.toggle()
        }
      } else if !isQuoted && (byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D) {
        break
      } else {
        field.append(byte)
      }
      index += 1
    }
    return String(decoding: field, as: UTF8.self)
  }
}
