/// Records that are only ever appended, in a file that is written round and round. The newest version
/// of a record counts; a map in memory says where it is, and a scan of the file makes the map again.
public final class RecordLog: RecordStore {
  private let file: DiskFile
  private let path: String
  private var index: LogIndex
  private var buffer: AlignedMemory
  private let one = AlignedMemory(StoredRecord.bytes)
  /// Bytes that were handed to the kernel, copies included.
  public private(set) var writtenBytes = 0

  /// Makes the file as it is after many updates at random, so that cleaning is in its steady state.
  /// - Parameters:
  ///   - records: each in its newest version.
  ///   - slots: records ÷ slots is how full it is, below 1; a reserve comes on top.
  ///   - random: chooses the records that were updated.
  public init(
    _ path: String, records: Int, slots: Int, using random: inout some RandomNumberGenerator
  ) throws(DiskError) {
    self.path = path
    index = LogIndex(records: records, slots: slots)
    // Three turns forget the order in which the records began.
    var turns = 0
    while turns < 3 * index.slots {
      let keys = (0..<16).map { _ in Int.random(in: 0..<records, using: &random) }
      turns += index.append(Array(Set(keys)).sorted()).count
    }
    file = try DiskFile(path, .cached, creating: true)
    buffer = AlignedMemory(1 << 16)
    try file.reserve(index.slots * StoredRecord.bytes)
    let all = AlignedMemory(index.slots * StoredRecord.bytes)
    for slot in 0..<index.slots where index.keys[slot] >= 0 {
      StoredRecord(key: Int(index.keys[slot]), version: Int(index.written[slot])).encode(
        into: all[from: slot * StoredRecord.bytes, count: StoredRecord.bytes])
    }
    try file.write(UnsafeRawBufferPointer(all.bytes), at: 0)
    try file.flushAll()
  }

  /// Writes the next version of these records and flushes.
  public func update(_ keys: [Int]) throws(DiskError) {
    let moves = index.append(keys)
    let size = StoredRecord.bytes
    if buffer.bytes.count < moves.count * size { buffer = AlignedMemory(moves.count * size) }
    for (position, move) in moves.enumerated() {
      let place = buffer[from: position * size, count: size]
      if let source = move.source {
        try file.read(place, at: source * size)
      } else {
        StoredRecord(key: move.key, version: move.version).encode(into: place)
      }
    }
    // Slots follow each other, but for the end of the file.
    let first = moves[0].slot
    let before = min(moves.count, index.slots - first)
    try write(buffer[from: 0, count: before * size], at: first)
    if before < moves.count {
      try write(buffer[from: before * size, count: (moves.count - before) * size], at: 0)
    }
    try file.flush()
  }

  private func write(_ bytes: UnsafeMutableRawBufferPointer, at slot: Int) throws(DiskError) {
    try file.write(UnsafeRawBufferPointer(bytes), at: slot * StoredRecord.bytes)
    writtenBytes += bytes.count
  }

  /// What is stored under a key.
  public func record(_ key: Int) throws(DiskError) -> StoredRecord? {
    try file.read(one.bytes, at: Int(index.places[key]) * StoredRecord.bytes)
    return StoredRecord(UnsafeRawBufferPointer(one.bytes))
  }

  /// The newest version of each record, as a scan of a log's file finds it after a crash: what is
  /// damaged or torn is left out.
  /// - Parameter path: of a log that no one writes to.
  public static func replay(_ path: String, slots: Int) throws(DiskError) -> [Int: Int] {
    let file = try DiskFile(path, .cached)
    let slots = slots + LogIndex.reserve
    let all = AlignedMemory(slots * StoredRecord.bytes)
    try file.read(all.bytes, at: 0)
    var versions: [Int: Int] = [:]
    for slot in 0..<slots {
      let place = all[from: slot * StoredRecord.bytes, count: StoredRecord.bytes]
      guard let record = StoredRecord(UnsafeRawBufferPointer(place)) else { continue }
      versions[record.key] = max(versions[record.key] ?? 0, record.version)
    }
    return versions
  }
}
