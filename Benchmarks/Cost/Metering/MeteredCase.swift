import Codecs
import Harness
import Results

/// A decision whose options are done for real.
struct MeteredCase: Sendable {
  /// Whose formulas the bill is compared with, and where on its axis.
  let experiment: Experiment
  let value: Int
  /// The options that are metered.
  let before, after: String
  let needs: [Requirement]
  /// Gives the work of an option, on data of a seed; it returns the bill of a month.
  let prepare: @Sendable (_ option: String, _ seed: UInt64) throws -> () throws -> Bill

  init(
    _ experiment: Experiment, at value: Int, _ before: String, _ after: String,
    needs: [Requirement] = [],
    _ prepare: @escaping @Sendable (_ option: String, _ seed: UInt64) throws -> () throws -> Bill
  ) {
    (self.experiment, self.value, self.before, self.after) = (experiment, value, before, after)
    (self.needs, self.prepare) = (needs, prepare)
  }

  /// `egress-compression`
  var name: String { String(experiment.id.drop { $0 != "/" }.dropFirst()) }

  /// `egress-compression: zlib 6 → zstd 3, $0.09/GB; …`
  static let list = all.map { metered in
    let parameter = metered.experiment.sweep.values.first { $0.value == metered.value }
    let place = parameter?.label ?? "\(metered.value)"
    return "\(metered.name): \(metered.before) → \(metered.after), \(place)"
  }.joined(separator: "; ")

  static let all = packing + records + [imageBytes, cacheSize, ttl]

  // MARK: Blocks

  private static let codecs: [String: Codec] = [
    "zlib 6": .zlib(6), "zstd 3": .zstd(3), "zstd 19": .zstd(19), "gzip each time": .zlib(6),
    "brotli 11 once": .brotli(11),
  ]

  private static let packing = [
    MeteredCase(.egressCompression, at: 90, "zlib 6", "zstd 3") { option, seed in
      let blocks = PackedBlocks(.json, codecs[option]!, seed: seed)
      return {
        let packed = try blocks.pack()
        return try egress(10 * 0x1p40 / packed.ratio)
          + cores(.exactly(10 * 0x1p40 * packed.nanoseconds))
      }
    },
    MeteredCase(.codecChoice, at: 3, "zstd 3", "zstd 19") { option, seed in
      let blocks = PackedBlocks(.logs, codecs[option]!, seed: seed)
      return {
        let (packed, unpacking) = (try blocks.pack(), try blocks.unpack())
        return try kept("storage.standard", 3 * 0x1p40 / packed.ratio)
          + cores(.exactly(0x1p40 * (packed.nanoseconds + unpacking)))
      }
    },
    MeteredCase(.precompress, at: 30, "gzip each time", "brotli 11 once") { option, seed in
      let isOnce = option == "brotli 11 once"
      let blocks = PackedBlocks(.json, codecs[option]!, seed: seed, count: isOnce ? 1 : 2)
      let bytes = 1e6 * 65_536
      return {
        let packed = try blocks.pack()
        let work = try cores(.exactly((isOnce ? 1 : 30) * bytes * packed.nanoseconds))
        let sent = try egress(30 * bytes / packed.ratio)
        return isOnce
          ? try sent + work + kept("storage.standard", bytes / packed.ratio) : sent + work
      }
    },
    MeteredCase(.deltaSync, at: 100, "full copies", "changed rows") { option, seed in
      let blocks = PackedBlocks(.columns, .zstd(3), seed: seed)
      // A change is 1.3 times its row.
      let bytes = (option == "full copies" ? 1 : 0.01 * 1.3) * 30.4 * 0x1p40
      return {
        let packed = try blocks.pack()
        return try Provider.aws.price("transfer.region") * Size.exactly(bytes / packed.ratio).moved
          + cores(.exactly(bytes * packed.nanoseconds))
      }
    },
    MeteredCase(.auditVolume, at: 100, "every event, packed", "packed") { option, seed in
      let blocks = PackedBlocks(.logs, .zstd(3), seed: seed)
      // A third of the events is required, and each has 500 bytes.
      let bytes = (option == "packed" ? 0.3 : 1) * 730 * 3_600 * 100 * 500
      return {
        let packed = try blocks.pack()
        let objects = Term<Requests>.exactly(bytes / packed.ratio / 16e6)
        return try kept("storage.instant", 84 * bytes / packed.ratio)
          + Provider.aws.price("storage.instant.put") * objects
          + cores(.exactly(bytes * packed.nanoseconds)) + developers(.exactly(2))
      }
    },
  ]

  static func egress(_ bytes: Double) throws(MissingNumber) -> Bill {
    try Provider.aws.price("egress.10tb") * Size.exactly(bytes).moved
  }

  static func kept(_ price: String, _ bytes: Double) throws(MissingNumber) -> Bill {
    try Provider.aws.price(price) * Size.exactly(bytes).kept
  }
}
