import Codecs
import Harness
import Platform
import Results
import Statistics
import Techniques

extension MeteredCase {
  /// A picture is decoded, shrunk and encoded.
  static let imageBytes = MeteredCase(
    .imageBytes, at: 100, "sized, JPEG", "sized, WebP",
    needs: [
      .library(PictureCodec.jpeg(quality: 92).library, package: "libturbojpeg0"),
      .library(PictureCodec.webp(quality: 80).library, package: "libwebp7"),
    ]
  ) { option, seed in
    let photo = Picture.photo(width: 768, height: 576, seed: seed)
    let (upload, usual) = (PictureCodec.jpeg(quality: 92), PictureCodec.jpeg(quality: 80))
    let (original, small) = (try upload.encoded(photo), photo.shrunk(by: 3))
    let again = try usual.decoded(usual.encoded(small), size: (small.width, small.height))
    let quality = try PictureCodec.quality(
      of: { .webp(quality: $0) }, asGoodAs: small.similarity(to: again), for: small)
    let codec = option == "sized, JPEG" ? usual : .webp(quality: quality)
    // Ten thousand pictures of 12 megapixels.
    let pictures = 1e4 * 12e6 / Double(768 * 576)
    return {
      let start = ProcessorTimes.ofThread()
      let shown = try upload.decoded(original, size: (768, 576)).shrunk(by: 3)
      let bytes = try codec.encoded(shown)
      let time = Double(ProcessorTimes.ofThread() - start)
      return try egress(100 * pictures * Double(bytes.count)) + cores(.exactly(pictures * time))
        + kept("storage.standard", pictures * Double(original.count + bytes.count))
    }
  }

  /// Reads by Zipf's law go through a cache that holds a hundredth of the rows.
  static let cacheSize = MeteredCase(.cacheSize, at: 100, "no cache", "cache") { option, seed in
    let (keys, requests) = (100_000, 100_000)
    let reads = CachedReads(keys: keys, exponent: 0.75, slots: keys / 100, seed: seed)
    for _ in 0..<3 { _ = reads.misses(of: requests) }
    return {
      let missed =
        option == "cache" ? Double(reads.misses(of: requests)) / Double(requests) : 1
      // 600 reads a second of five units each; rows with their overhead are 1.2 times 190 GiB.
      let units = Term<Requests>.exactly(5 * 730 * 3_600 * 600 * missed)
      let bill = try Provider.aws.price("table.read") * units
      guard option == "cache" else { return bill }
      let gibibytes = 1.2 * 0.01 * 10e6 * 20 / 1024 / 1024
      return try bill + (gibibytes / 101.38) * Provider.aws.monthly("cache.r5.4xlarge")
    }
  }

  /// Requests at random times for objects that change at random times.
  static let ttl = MeteredCase(.ttl, at: 1_440, "a minute", "an hour") { option, seed in
    let lifetime = option == "a minute" ? 1.0 : 60
    return {
      let (fetches, stale, minutes) = ExpiringCache.run(
        lifetime: lifetime, change: 1_440, rate: 2, minutes: 400_000, seed: seed)
      let scale = 10_000 * 730 * 60 / minutes
      let price = Term<Dollars>.exactly(0.00003)
      return try cores(.exactly(scale * fetches * 5e6)) + price.times(scale * stale)
    }
  }
}

/// Reads of rows by Zipf's law through a cache of recently used ones.
private final class CachedReads {
  private let sums: [Double]
  private var cache: LRUCache
  private var random: SeededGenerator

  init(keys: Int, exponent: Double, slots: Int, seed: UInt64) {
    var sums: [Double] = []
    for key in 1...keys {
      sums.append((sums.last ?? 0) + exponential(-exponent * naturalLogarithm(Double(key))))
    }
    self.sums = sums
    cache = LRUCache(capacity: slots)
    random = SeededGenerator(seed: seed)
  }

  func misses(of requests: Int) -> Int {
    var missed = 0
    for _ in 0..<requests {
      let place = Double.random(in: 0..<sums[sums.count - 1], using: &random)
      var (low, high) = (0, sums.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > place { high = middle } else { low = middle + 1 }
      }
      if cache.value(of: UInt64(low)) == nil {
        missed += 1
        cache.insert(1, for: UInt64(low))
      }
    }
    return missed
  }
}

/// A cached object whose origin changes.
private enum ExpiringCache {
  /// - Parameters:
  ///   - lifetime: minutes that a copy is used.
  ///   - change: mean minutes between two changes of the origin.
  ///   - rate: requests in a minute.
  /// - Returns: fetches, answers that were older than the origin, and the minutes that went by.
  static func run(
    lifetime: Double, change: Double, rate: Double, minutes: Double, seed: UInt64
  ) -> (fetches: Double, stale: Double, minutes: Double) {
    var random = SeededGenerator(seed: seed)
    func gap(_ mean: Double) -> Double {
      -mean * naturalLogarithm(1 - Double.random(in: 0..<1, using: &random))
    }
    var (time, fetched, changed, next) = (0.0, -Double.infinity, -1.0, gap(change))
    var (fetches, stale) = (0.0, 0.0)
    while time < minutes {
      time += gap(1 / rate)
      while next <= time {
        changed = next
        next += gap(change)
      }
      if time - fetched > lifetime {
        fetched = time
        fetches += 1
      } else if changed > fetched {
        stale += 1
      }
    }
    return (fetches, stale, time)
  }
}
