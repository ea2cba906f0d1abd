extension String {
  /// FNV-1a, 64 bits: the same in every process, unlike `hashValue`.
  /// Source: Fowler, Noll and Vo; draft-eastlake-fnv.
  public var stableHash: UInt64 {
    utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
