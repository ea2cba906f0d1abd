import Foundation

/// Holds JSON against a schema of draft 2020-12, for the keywords that the schemas here use.
/// Source: json-schema.org/draft/2020-12, core and validation.
struct JSONSchema {
  private let root: [String: Any]

  init(_ data: Data) throws {
    root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  static let annotations: Set = ["$schema", "$id", "$defs", "title", "description"]
  static let keywords: Set = [
    "$ref", "type", "const", "enum", "anyOf", "required", "properties", "additionalProperties",
    "items", "minimum", "maximum", "minLength", "pattern",
  ]

  /// Keywords somewhere in the schema that would go unchecked.
  var unknownKeywords: Set<String> {
    var found: Set<String> = []
    visit(root) { node in
      found.formUnion(Set(node.keys).subtracting(Self.keywords).subtracting(Self.annotations))
    }
    return found
  }

  var definitions: [String] { (root["$defs"] as? [String: Any])?.keys.sorted() ?? [] }

  private func visit(_ node: [String: Any], _ each: ([String: Any]) -> Void) {
    each(node)
    for key in ["$defs", "properties"] {
      for case let inner as [String: Any] in (node[key] as? [String: Any] ?? [:]).values {
        visit(inner, each)
      }
    }
    for key in ["items", "additionalProperties"] {
      if let inner = node[key] as? [String: Any] { visit(inner, each) }
    }
    for inner in node["anyOf"] as? [[String: Any]] ?? [] { visit(inner, each) }
  }

  /// What a `$ref` names, else the node itself.
  func resolved(_ node: [String: Any]) -> [String: Any] {
    guard let reference = node["$ref"] as? String else { return node }
    return definition(reference.replacing("#/$defs/", with: ""))
  }

  func definition(_ name: String) -> [String: Any] {
    (root["$defs"] as? [String: Any])?[name] as? [String: Any] ?? [:]
  }

  /// - Parameter definition: under `$defs`; nil for the whole schema.
  /// - Returns: a line for each place that does not fit: `points.0.status: not one of …`.
  func faults(_ data: Data, as definition: String? = nil) throws -> [String] {
    let value = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
    return faults(value, definition.map(self.definition) ?? root, at: "")
  }

  private func faults(_ value: Any, _ node: [String: Any], at place: String) -> [String] {
    var found: [String] = []
    if node["$ref"] != nil { found += faults(value, resolved(node), at: place) }
    if let type = node["type"] {
      let types = type as? [String] ?? [type as? String ?? ""]
      if !types.contains(where: { Self.isOf($0, value) }) {
        found.append("\(place): not \(types.joined(separator: " or "))")
      }
    }
    let allowed = node["enum"] as? [Any] ?? node["const"].map { [$0] }
    if let allowed, !allowed.contains(where: { Self.same($0, value) }) {
      found.append("\(place): not one of \(allowed)")
    }
    if let choices = node["anyOf"] as? [[String: Any]],
      !choices.contains(where: { faults(value, $0, at: place).isEmpty })
    {
      found.append("\(place): none of \(choices.count) choices")
    }
    if let object = value as? [String: Any] { found += members(object, node, at: place) }
    if let array = value as? [Any], let items = node["items"] as? [String: Any] {
      for (index, item) in array.enumerated() {
        found += faults(item, items, at: "\(place).\(index)")
      }
    }
    return found + Self.bounds(value, node, at: place)
  }

  private func members(
    _ object: [String: Any], _ node: [String: Any], at place: String
  ) -> [String] {
    var found: [String] = []
    for name in node["required"] as? [String] ?? [] where object[name] == nil {
      found.append("\(place).\(name): missing")
    }
    let known = node["properties"] as? [String: Any] ?? [:]
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      if let inner = known[name] as? [String: Any] {
        found += faults(value, inner, at: "\(place).\(name)")
      } else if let inner = node["additionalProperties"] as? [String: Any] {
        found += faults(value, inner, at: "\(place).\(name)")
      } else if node["additionalProperties"] as? Bool == false {
        found.append("\(place).\(name): not described")
      }
    }
    return found
  }

  private static func bounds(_ value: Any, _ node: [String: Any], at place: String) -> [String] {
    var found: [String] = []
    if isOf("number", value), let number = value as? Double {
      if let least = node["minimum"] as? Double, number < least {
        found.append("\(place): too small")
      }
      if let most = node["maximum"] as? Double, number > most {
        found.append("\(place): too large")
      }
    }
    if let text = value as? String {
      if let least = node["minLength"] as? Int, text.count < least {
        found.append("\(place): too short")
      }
      if let pattern = node["pattern"] as? String,
        (try? Regex(pattern).firstMatch(in: text)) == nil
      {
        found.append("\(place): not of the form \(pattern)")
      }
    }
    return found
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": return value is [String: Any]
    case "array": return value is [Any]
    case "string": return value is String
    case "null": return value is NSNull
    case "boolean": return isBoolean(value)
    case "number": return !isBoolean(value) && value is NSNumber
    case "integer":
      return !isBoolean(value)
        && (value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue }
          == true
    default: return false
    }
  }

  private static func isBoolean(_ value: Any) -> Bool {
    (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
  }

  private static func same(_ one: Any, _ other: Any) -> Bool {
    if let one = one as? String, let other = other as? String { return one == other }
    guard isOf("number", one), isOf("number", other) else { return false }
    return (one as? NSNumber) == (other as? NSNumber)
  }
}
