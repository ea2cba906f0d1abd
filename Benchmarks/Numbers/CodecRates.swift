import Codecs
import Harness
import Results

/// What the system's codecs make of blocks of 64 KiB, and how fast: what compression costs and
/// saves depends on both.
enum CodecRates {
  private static let group = "Codecs"
  private static let block = 64 << 10
  private static let seed: UInt64 = 20

  /// `zstd 3`, `zstd-3`
  private static func name(_ codec: Codec) -> String {
    String(codec.title.map { $0 == " " ? "-" : $0 })
  }

  static let probes =
    [Codec.lz4, .zlib(6), .zstd(1), .zstd(3), .zstd(19), .brotli(5)].flatMap { codec in
      SampleData.allCases.flatMap { pair(codec, $0) } + [decompression(codec)]
    } + pair(.brotli(11), .json) + small + tables

  /// The ratio, and how fast it is had.
  private static func pair(_ codec: Codec, _ data: SampleData) -> [Probe] {
    let stem = "codec.\(name(codec)).\(data.rawValue)"
    return [
      ratio(
        "\(stem).ratio", "\(codec.title), \(data.rawValue): ratio",
        "64 KiB of seeded \(data.rawValue) ÷ what they come to"
      ) {
        let bytes = data.bytes(block, seed: seed)
        return Double(block) / Double(try codec.compressed(bytes).count)
      },
      rate(stem, "\(codec.title), \(data.rawValue): compression", "64 KiB at a time") {
        let bytes = data.bytes(block, seed: seed)
        var output = [UInt8](repeating: 0, count: codec.bound(block))
        guard codec.compress(bytes, into: &output) > 0 else {
          throw ProbeUnavailable("the library refuses \(codec.title)")
        }
        return { codec.compress(bytes, into: &output) }
      },
    ]
  }

  private static func decompression(_ codec: Codec) -> Probe {
    rate(
      "codec.\(name(codec)).decompress", "\(codec.title), logs: decompression",
      "bytes that come out, 64 KiB at a time"
    ) {
      let compressed = try codec.compressed(SampleData.logs.bytes(block, seed: seed))
      var output = [UInt8](repeating: 0, count: block)
      return { codec.decompress(compressed, into: &output) }
    }
  }

  // MARK: Small records

  private static let level = 3
  private static let records = SampleData.records(200, seed: seed)

  private static func trained() throws -> CodecDictionary {
    try CodecDictionary(
      samples: SampleData.records(2_000, seed: seed + 1), level: level, capacity: 16 << 10)
  }

  /// Records of about 300 bytes, each by itself and with a dictionary that was trained on others.
  private static let small = [
    ratio(
      "codec.record.ratio", "zstd 3, records of 300 B: ratio",
      "200 seeded records of JSON, each compressed by itself"
    ) {
      let codec = Codec.zstd(level)
      let bytes = try records.map { try codec.compressed($0).count }.reduce(0, +)
      return Double(records.map(\.count).reduce(0, +)) / Double(bytes)
    },
    ratio(
      "codec.record.dictionary.ratio", "zstd 3 with a dictionary, records of 300 B: ratio",
      "the same with a dictionary of 16 KiB that was trained on 2,000 others"
    ) {
      let dictionary = try trained()
      var output = [UInt8](repeating: 0, count: Codec.zstd(level).bound(2_000))
      let bytes = records.map { dictionary.compress($0, into: &output) }.reduce(0, +)
      return Double(records.map(\.count).reduce(0, +)) / Double(bytes)
    },
    time("codec.record", "zstd 3, records of 300 B: a record") {
      var output = [UInt8](repeating: 0, count: Codec.zstd(level).bound(2_000))
      return { records.map { Codec.zstd(level).compress($0, into: &output) }.reduce(0, +) }
    },
    time("codec.record.dictionary", "zstd 3 with a dictionary, records of 300 B: a record") {
      let dictionary = try trained()
      var output = [UInt8](repeating: 0, count: Codec.zstd(level).bound(2_000))
      return { records.map { dictionary.compress($0, into: &output) }.reduce(0, +) }
    },
  ]

  // MARK: Tables

  /// 4,096 rows, as many as a block of a column file has.
  private static let tables = [
    table("text", "lines of text", \.text), table("columnar", "columns", \.columnar),
    table("encoded", "columns with short values", \.encoded),
  ]

  /// What a form of a table comes to, against its lines of text.
  private static func table(
    _ name: String, _ title: String, _ form: KeyPath<SampleTable, [UInt8]> & Sendable
  ) -> Probe {
    ratio(
      "codec.table.\(name).ratio", "zstd \(level), \(title): ratio",
      "lines of text of 4,096 seeded rows ÷ what they come to as \(title)"
    ) {
      let rows = SampleTable(rows: 4_096, seed: seed)
      let compressed = try Codec.zstd(level).compressed(rows[keyPath: form]).count
      return Double(rows.text.count) / Double(compressed)
    }
  }

  // MARK: Probes

  /// A ratio is the same at each call: what is timed does nothing.
  private static func ratio(
    _ name: String, _ title: String, _ method: String,
    value: @escaping @Sendable () throws -> Double
  ) -> Probe {
    Probe(
      name, group: group, title: title, unit: .count, method: method,
      reading: { _ in .reported("ratio") },
      variant: Variant(
        name, shows: [], prepare: { _ in try value() },
        report: { ["ratio": Counter($0, unit: .count)] }, run: { $0 }))
  }

  private static func rate(
    _ name: String, _ title: String, _ method: String,
    prepare: @escaping @Sendable () throws -> () -> Int
  ) -> Probe {
    Probe(
      name, group: group, title: title, unit: .bytesPerSecond, method: method,
      reading: { _ in .rate(Double(block)) },
      variant: Variant(name, shows: [], prepare: { _ in try prepare() }, run: { $0() }))
  }

  private static func time(
    _ name: String, _ title: String, prepare: @escaping @Sendable () throws -> () -> Int
  ) -> Probe {
    Probe(
      name, group: group, title: title, method: "200 seeded records of JSON, each by itself",
      reading: { _ in .operations(Double(records.count)) },
      variant: Variant(name, shows: [], prepare: { _ in try prepare() }, run: { $0() }))
  }
}
