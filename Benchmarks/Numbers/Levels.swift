import Results

/// Working sets that lie within one level of the memory, read off the machine's caches.
struct Levels {
  enum Level: String, CaseIterable { case l1, l2, l3, memory }

  let l1: Int
  let l2: Int
  let l3: Int
  let lineBytes: Int
  /// Size of an ordinary page.
  let pageBytes: Int
  /// Bytes after which lines fall into the same set of L1 again; nil where it is not reported.
  let wayOfL1: Int?
  /// Hardware threads that measure together in the `.all` numbers.
  let threads: Int
  /// What the working sets are made of.
  let memory = KeptMemory()
  /// The same for teams, whose members want memory near them: nil where not all of it is.
  let memoryOfTeams: KeptMemory?

  /// Caches that the system does not report are assumed to have the most common size, so that the
  /// numbers keep their names; the staircase shows where the steps really are. A guest is told all of
  /// a last level that it shares with others: of 260 MiB two processors were seen to get 64, and
  /// working sets for more than that took a minute.
  init(_ machine: Machine) {
    func size(_ level: Int) -> Int? { machine.caches.first { $0.level == level }?.bytes }
    l1 = size(1) ?? 32 << 10
    l2 = size(2) ?? 1 << 20
    let stated = size(3) ?? 32 << 20
    let own = max(1, machine.threads) * 32 << 20
    l3 = machine.hypervisor == nil ? stated : min(stated, own)
    pageBytes = machine.pageBytes ?? 4 << 10
    lineBytes = machine.caches.first?.lineBytes ?? 64
    wayOfL1 = machine.caches.first { $0.level == 1 }.flatMap { l1 in l1.ways.map { l1.bytes / $0 } }
    threads = max(1, machine.threads)
    memoryOfTeams = machine.numaNodes == 1 ? memory : nil
  }

  /// Half of L1 and L2; three times L2 of L3, of which neighbours and a hypervisor take their part;
  /// four times L3 but at most 512 MiB of memory.
  func workingSet(_ level: Level) -> Int {
    switch level {
    case .l1: l1 / 2
    case .l2: l2 / 2
    case .l3: max(min(3 * l2, l3 / 2), 2 * l2)
    case .memory: min(max(4 * l3, 64 << 20), 512 << 20)
    }
  }

  /// The same for one of several threads: the shared levels are divided among them.
  func workingSetOfEach(_ level: Level) -> Int {
    switch level {
    case .l1, .l2: workingSet(level)
    case .l3: workingSet(.l3)
    case .memory: max(workingSet(.memory) / threads, 32 << 20)
    }
  }

  /// Working sets of a curve, up to memory's: one an octave.
  func doublings(from first: Int) -> [Int] {
    let sizes = sequence(first: first) { $0 * 2 }
    return Array(sizes.prefix { $0 <= workingSet(.memory) })
  }

  /// Working sets of a curve, up to memory's: two an octave where caches end, one elsewhere.
  func sizes(from first: Int) -> [Int] {
    var sizes: [Int] = []
    var size = first
    while size < workingSet(.memory) {
      sizes += size >= l2 && size < l3 ? [size, size + size / 2] : [size]
      size *= 2
    }
    return sizes + [workingSet(.memory)]
  }

  static func title(_ level: Level) -> String {
    switch level {
    case .l1: "L1"
    case .l2: "L2"
    case .l3: "L3"
    case .memory: "memory"
    }
  }
}
