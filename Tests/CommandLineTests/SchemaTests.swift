import Foundation
import Results
import Testing

import struct Results.Unit

/// Documentation/results.schema.json is what is stored.
@Suite(.serialized) struct SchemaTests {
  private let schema: JSONSchema

  init() throws {
    let file = Examples.root.appending(path: "Documentation/results.schema.json")
    schema = try JSONSchema(Data(contentsOf: file))
  }

  /// Results in which every field that may be missing is there somewhere.
  private static let full: Results = {
    var results = Box.results
    let third = Interval(estimate: 1, low: -.infinity, high: .nan)
    results.machine.caches = [.init(level: 1, bytes: 32 << 10, lineBytes: 64, sharedBy: 1, ways: 8)]
    results.machine.hypervisor = "KVM"
    results.machine.pageBytes = 4096
    results.machine.numbers = [
      "latency.l1": MachineNumber(
        Quantity(third, unit: .nanoseconds), method: "made up", cycle: 0.3)
    ]
    results.conditions = [Condition(name: "c", grade: .poor, value: "v", why: "w", fix: "f")]
    results.experiments[0].run = results.run
    results.experiments[0].evidence = .simulated
    results.experiments[0].account.headline = DeclaredHeadline(value: 1, variant: "soa")
    results.experiments[0].account.references = ["memcpy"]
    results.experiments[0].account.sweepsThreads = true
    results.experiments[0].account.yardsticks = [
      Yardstick(variant: "memcpy", kind: .peer, version: "libc 2.36"),
      Yardstick(variant: "copying", kind: .limit),
    ]
    results.experiments[0].account.noYardstick = "None is known."
    results.experiments[0].account.noUncertainty = "All of it is counted."
    results.experiments[0].account.metric.percentile = 99
    results.experiments[0].account.sources = [
      SourceExcerpt(variant: "aos", file: "a.swift", line: 1, code: "")
    ]
    results.experiments[0].account.rule = RuleOfThumb("as usual", breakEven: 2, source: "a book")
    let input = ComputedInput(
      name: "price", quantity: Quantity(third, unit: .dollarsPerMonth), source: "assumption")
    let place = BreakEven.Place(value: 2, label: "2")
    results.experiments[0].decision = Decision(
      candidate: "soa",
      breakEven: BreakEven(
        value: place, until: place, low: place, high: place, isBetterAbove: true, always: 0.1,
        never: 0.2),
      parameter: Parameter(value: 2, label: "2"),
      deciders: [
        Decider(
          input: input, ratioAtLow: 1, ratioAtHigh: 2, breakEvenAtLow: place,
          breakEvenAtHigh: place, turn: 1.5)
      ])
    var point = results.experiments[0].points[0]
    point.reason = "none"
    point.isDisturbed = true
    point.work.each = "record"
    point.discarded = ["stolen": 2]
    point.variants[0].counters["cycles"] = Counter(unavailable: "not offered")
    point.candidates[0].predicted = PredictedSpeedup(
      speedup: 4, low: 3, high: 5, because: "counts")
    let term = PredictedTerm(
      name: "work", value: 1, unit: .nanoseconds, formula: "a", because: "it is there",
      sources: [.init(name: "a", value: 1, unit: .nanoseconds, source: "this machine")])
    point.predictions = [
      PredictedVariant(name: "aos", unit: .nanoseconds, total: 1, perMetric: 50, terms: [term])
    ]
    point.variants[0].distribution = Distribution([(value: 1, count: 2)])
    point.inputs = [input]
    point.candidates[0].reason = "none"
    point.candidates[0].yardsticks = ["memcpy", "copying"].map {
      YardstickRatio(yardstick: $0, ratio: third)
    }
    results.experiments[0].points[0] = point
    return results
  }()

  private static let stored = StoredExperiment(full.experiments[0], on: full.machine)

  private func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(value)
  }

  @Test func theSchemaHasNoKeywordThatGoesUnchecked() {
    #expect(schema.unknownKeywords == [])
    #expect(schema.definitions.count > 20)
  }

  @Test func whatARunStoresFits() throws {
    let folder = try Perflab.scratch()
    let run = [
      "run", "planted/reporting", "planted/wrong", "planted/unprepared", "--preset", "quick",
      "--machine", "box",
    ]
    _ = try Perflab.run(run, in: folder, product: "planted-lab")
    let box = folder.appending(path: "Reports/box")
    let record = try Data(contentsOf: box.appending(path: "run.json"))
    #expect(try schema.faults(record, as: "runFile") == [])
    #expect(try schema.faults(record) == [])
    for name in ["reporting", "wrong", "unprepared"] {
      let file = try Data(contentsOf: box.appending(path: "results/planted/\(name).json"))
      #expect(try schema.faults(file, as: "experimentFile") == [], "\(name)")
    }
    let all = try Perflab.run(["export", "--format", "json", "box"], in: folder)
    #expect(try schema.faults(Data(all.out.utf8), as: "document") == [])
  }

  @Test func theExamplesFit() throws {
    for name in try Examples.folders().map(\.lastPathComponent) {
      let all = try Perflab.run(["export", "--format", "json", name], in: Examples.root)
      #expect(all.code == 0, "\(all.err)")
      #expect(try schema.faults(Data(all.out.utf8), as: "document") == [], "\(name)")
    }
  }

  @Test func everyKindOfValueFits() throws {
    #expect(try schema.faults(encode(Self.full), as: "document") == [])
    #expect(try schema.faults(encode(RunRecord(Self.full)), as: "runFile") == [])
    #expect(try schema.faults(encode(Self.stored), as: "experimentFile") == [])
  }

  @Test(arguments: [
    ("\"title\":", "\"titel\":", ".experiment.title: missing"),
    ("\"title\":", "\"titel\":", ".experiment.titel: not described"),
    ("\"blocks\":50", "\"blocks\":\"50\"", ".experiment.points.0.blocks: not integer"),
    ("\"blocks\":50", "\"blocks\":50.5", ".experiment.points.0.blocks: not integer"),
    ("\"blocks\":50", "\"blocks\":-1", ".experiment.points.0.blocks: too small"),
    ("\"numericAxis\":true", "\"numericAxis\":1", ".experiment.account.numericAxis: not boolean"),
    ("\"status\":\"measured\"", "\"status\":\"done\"", ".experiment.status: not one of"),
    ("\"verdict\":\"faster\"", "\"verdict\":\"fast\"", ".outcome.verdict: not one of"),
    ("\"high\":\"nan\"", "\"high\":\"many\"", ".speedup.high: none of 2 choices"),
    ("\"id\":\"memory/aos-to-soa\"", "\"id\":\"aos\"", ".outcome.id: not of the form"),
    ("\"schema\":2", "\"schema\":3", ".schema: not one of [2]"),
  ])
  func whatDoesNotFitIsRefused(old: String, new: String, fault: String) throws {
    var stored = Self.stored
    stored.experiment.points[0].candidates[0].speedup?.high = .nan
    let text = String(decoding: try encode(stored), as: UTF8.self)
    #expect(text.contains(old))
    let faults = try schema.faults(
      Data(text.replacing(old, with: new).utf8), as: "experimentFile")
    #expect(faults.contains { $0.contains(fault) }, "\(faults)")
  }

  /// A field that is new in the code but not in the schema, or the other way round, even where no
  /// value has it.
  @Test func everyFieldIsDescribedAndNoOther() {
    var walk = FieldWalk(schema: schema)
    walk.hold(Self.full, against: ["$ref": "#/$defs/document"], at: "document")
    walk.hold(RunRecord(Self.full), against: ["$ref": "#/$defs/runFile"], at: "runFile")
    walk.hold(Self.stored, against: ["$ref": "#/$defs/experimentFile"], at: "experimentFile")
    #expect(walk.faults == [])
    #expect(Set(schema.definitions).subtracting(walk.seen) == [])
  }
}

/// Holds the stored properties of values, which are what the encoder writes, against a schema.
private struct FieldWalk {
  let schema: JSONSchema
  var faults: [String] = []
  /// Definitions that some value was held against.
  var seen: Set<String> = []

  mutating func hold(_ value: Any, against node: [String: Any], at place: String) {
    if let reference = node["$ref"] as? String {
      seen.insert(reference.replacing("#/$defs/", with: ""))
    }
    let node = schema.resolved(node)
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let inner = mirror.children.first?.value { hold(inner, against: node, at: place) }
    case .collection:
      for item in mirror.children {
        hold(item.value, against: node["items"] as? [String: Any] ?? [:], at: place)
      }
    case .dictionary:
      let inner = node["additionalProperties"] as? [String: Any] ?? [:]
      for (_, value) in value as? [String: Any] ?? [:] { hold(value, against: inner, at: place) }
    case .struct where !(value is Unit): holdFields(mirror, against: node, at: place)
    default: if node.isEmpty { faults.append("\(place) is not described") }
    }
  }

  private mutating func holdFields(_ mirror: Mirror, against node: [String: Any], at place: String)
  {
    let described = node["properties"] as? [String: [String: Any]] ?? [:]
    var fields: Set<String> = []
    for case (let label?, let value) in mirror.children {
      fields.insert(label)
      if let inner = described[label] {
        hold(value, against: inner, at: "\(place).\(label)")
      } else {
        faults.append("\(place).\(label) is not described")
      }
    }
    faults += Set(described.keys).subtracting(fields).map { "\(place).\($0) is no field" }
  }
}
