/// A JSON value as text, its members in the order in which they stand. Source: RFC 8259.
enum JSON: Equatable {
  case string(String)
  /// A number that JSON can't say, such as NaN, is written as null.
  case number(Double)
  case integer(Int)
  case array([JSON])
  case object([Member])

  /// A name with its value; without one the member is left out.
  struct Member: Equatable {
    var name: String
    var value: JSON?

    init(_ name: String, _ value: JSON?) {
      self.name = name
      self.value = value
    }
  }

  /// With an end of line.
  var text: String {
    var text = ""
    write(to: &text, indentation: "")
    return text + "\n"
  }

  private func write(to text: inout String, indentation: String) {
    switch self {
    case .string(let string): text += Self.quoted(string)
    case .number(let number): text += number.isFinite ? number.description : "null"
    case .integer(let integer): text += String(integer)
    case .array(let values):
      let inner = values.allSatisfy(\.isScalar) ? nil : indentation + "  "
      Self.write(values, "[", "]", to: &text, inner, indentation) { value, text in
        value.write(to: &text, indentation: inner ?? "")
      }
    case .object(let members):
      let inner = indentation + "  "
      Self.write(
        members.filter { $0.value != nil }, "{", "}", to: &text, inner, indentation
      ) { member, text in
        text += Self.quoted(member.name) + ": "
        member.value?.write(to: &text, indentation: inner)
      }
    }
  }

  /// - Parameter inner: the indentation of each element on a line of its own; nil for all in one.
  private static func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String,
    _ inner: String?, _ outer: String, _ each: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += inner == nil ? ", " : "," }
      if let inner { text += "\n" + inner }
      each(element, &text)
    }
    if inner != nil && !elements.isEmpty { text += "\n" + outer }
    text += close
  }

  private var isScalar: Bool {
    switch self {
    case .string, .number, .integer: true
    case .array, .object: false
    }
  }

  private static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
