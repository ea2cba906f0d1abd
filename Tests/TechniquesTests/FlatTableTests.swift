import Statistics
import Testing

@testable import Techniques

@Suite struct FlatTableTests {
  @Test func behavesAsADictionaryDoes() {
    var random = SeededGenerator(seed: 7)
    var table = FlatTable<Int>()
    var reference: [Int: Int] = [:]
    for step in 0..<20_000 {
      // Few different keys, so that most are set, replaced and removed many times.
      let key = Int.random(in: -150...150, using: &random)
      if Bool.random(using: &random) {
        table.set(step, for: key)
        reference[key] = step
      } else {
        let removed = table.removeValue(for: key)
        #expect(removed == reference.removeValue(forKey: key))
      }
      let looked = Int.random(in: -160...160, using: &random)
      #expect(table[looked] == reference[looked])
      #expect(table.count == reference.count)
    }
  }

  @Test func growsAndKeepsEveryKey() {
    var table = FlatTable<Int>()
    for key in 0..<5_000 { table.set(key * 3, for: key << 40) }
    #expect(table.count == 5_000)
    for key in 0..<5_000 { #expect(table[key << 40] == key * 3) }
    #expect(table[5_000 << 40] == nil)
  }

  @Test(arguments: [1, 4, 5, 512, 1_000]) func takesItsCapacityWithoutGrowing(_ capacity: Int) {
    var table = FlatTable<Int>(minimumCapacity: capacity)
    let bytes = table.reservedBytes
    for key in 1...capacity { table.set(key, for: key) }
    #expect(table.reservedBytes == bytes)
    // A power of two: no more than half of the places are taken.
    #expect(bytes >= 2 * capacity * 16)
  }

  @Test func replacingAValueKeepsTheCount() {
    var table = FlatTable<Int>()
    for key in [0, 5] {
      table.set(1, for: key)
      table.set(2, for: key)
      #expect(table[key] == 2)
    }
    #expect(table.count == 2)
  }

  @Test func extremeKeysAreKeysLikeOthers() {
    let keys = [0, -1, 1, .min, .max]
    var table = FlatTable<Int>()
    for key in keys { #expect(table[key] == nil) }
    for (value, key) in keys.enumerated() { table.set(value, for: key) }
    for (value, key) in keys.enumerated() { #expect(table[key] == value) }
    for key in keys { table.removeValue(for: key) }
    for key in keys { #expect(table[key] == nil) }
    #expect(table.count == 0)
  }

  /// The first place and the last, behind which a search goes on at the first.
  @Test(arguments: [0, 127]) func keysThatCollideAreFoundAndRemoved(_ home: Int) {
    var random = SeededGenerator(seed: 11)
    var table = FlatTable<Int>(minimumCapacity: 64)
    let all = colliding(at: home, in: table, count: 41)
    let (keys, absent) = (all.dropLast(), all.last!)
    for key in keys { table.set(key &* 2, for: key) }
    #expect(table[absent] == nil)
    var left = Set(keys)
    for key in keys.shuffled(using: &random) {
      #expect(table.removeValue(for: key) == key &* 2)
      left.remove(key)
      #expect(table.removeValue(for: key) == nil)
      for other in keys { #expect(table[other] == (left.contains(other) ? other &* 2 : nil)) }
    }
    #expect(table.count == 0)
  }

  /// Removal moves back only entries that their search would not find otherwise.
  @Test func aRemovalBetweenClustersKeepsBoth() {
    var table = FlatTable<Int>(minimumCapacity: 64)
    let first = colliding(at: 20, in: table, count: 3)
    let second = colliding(at: 22, in: table, count: 3)
    for key in first + second { table.set(1, for: key) }
    table.removeValue(for: first[0])
    for key in first.dropFirst() + second { #expect(table[key] == 1) }
    table.removeValue(for: second[0])
    for key in Array(first.dropFirst()) + second.dropFirst() { #expect(table[key] == 1) }
  }

  @Test func removedKeysLeaveNoTrace() {
    var table = FlatTable<Int>(minimumCapacity: 64)
    let bytes = table.reservedBytes
    for round in 0..<1_000 {
      for key in 1...64 { table.set(round, for: round << 8 + key) }
      for key in 1...64 { table.removeValue(for: round << 8 + key) }
    }
    #expect(table.reservedBytes == bytes)
    #expect((0...table.mask).allSatisfy { table.entries[$0].key == 0 })
  }

  @Test func holdsValuesOfOtherSizes() {
    var bytes = FlatTable<UInt8>()
    var pairs = FlatTable<(Int, Float)>()
    for key in 1...100 {
      bytes.set(UInt8(key), for: key)
      pairs.set((key, 0.5), for: key)
    }
    #expect((1...100).allSatisfy { bytes[$0] == UInt8($0) })
    #expect((1...100).allSatisfy { pairs[$0]! == ($0, 0.5) })
  }

  /// Keys whose search begins at one place, as long as the table does not grow.
  private func colliding(
    at home: Int, in table: borrowing FlatTable<Int>, count: Int
  ) -> [Int] {
    var keys: [Int] = []
    var key = 1
    while keys.count < count {
      if FlatTable<Int>.home(of: key, in: table.entries, table.mask) == home { keys.append(key) }
      key += 1
    }
    return keys
  }
}
