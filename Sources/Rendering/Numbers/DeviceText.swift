import Results

/// What the machine's numbers say of the device below the scratch folder.
enum DeviceText {
  /// Whether something below answers reads from a cache, and whether a flush reaches a device; empty
  /// where that was not measured.
  static func sentences(_ numbers: [String: MachineNumber]) -> String {
    [cache(numbers), flush(numbers)].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// A repeated read that takes less than this share of one at random comes from a cache.
  private static let cached = 0.8
  /// A flush that takes fewer times as long as a write to the page cache has not waited for a device.
  private static let waited = 10.0

  private static func cache(_ numbers: [String: MachineNumber]) -> String {
    guard let again = numbers["read.again.4k"]?.quantity,
      let random = numbers["read.random.4k"]?.quantity, random.estimate > 0
    else { return "" }
    let (one, other) = (time(again), time(random))
    return again.estimate < cached * random.estimate
      ? "The device or its host caches blocks: a block that is read directly again and again takes "
        + "\(one), one at a random place \(other)."
      : "No cache below the page cache shows: a block that is read directly again and again takes "
        + "\(one), one at a random place \(other)."
  }

  private static func flush(_ numbers: [String: MachineNumber]) -> String {
    guard let durable = numbers["fsync.4k"]?.quantity,
      let cached = numbers["write.cached.4k"]?.quantity, cached.estimate > 0
    else { return "" }
    let (one, other) = (time(durable), time(cached))
    return durable.estimate >= waited * cached.estimate
      ? "A durable write waits for the device: \(one) with `fsync`, \(other) without. "
        + "Whether a virtual device's host has it on stable storage by then can't be measured here."
      : "`fsync` does not wait for a device: a write takes \(one) with it and \(other) without, so "
        + "that figures of durable writes are those of writes to memory."
  }

  private static func time(_ quantity: Quantity) -> String {
    Markdown.text(Figures.quantity(quantity.estimate, unit: quantity.unit))
  }
}
