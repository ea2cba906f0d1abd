import CPerflab
import Glibc
import Harness
import Results
import Synchronization

/// Atomic operations, locks and reference counts, alone and between two cores.
enum Atomics {
  private static let group = "Atomics and locks"

  static let probes = [
    repeated(
      "atomic.add", group: group, title: "Atomic add, uncontended",
      method: "relaxed wrapping add to a word that no other core uses", count: 4096,
      prepare: { _ in Word() },
      run: { word, count in
        // Not `add`, which checks for overflow and therefore is a loop of compare and swap.
        for _ in 0..<count { word.value.wrappingAdd(1, ordering: .relaxed) }
        return count
      }),
    repeated(
      "atomic.add.contended", group: group, title: "Atomic add, contended by two cores",
      method: "the same on one word on two cores concurrently; time on one of them",
      needs: [.cores(2)], count: 16_384, startsThreads: true,
      prepare: { point in (try point.team(2), Word()) },
      run: { input, count in
        let (team, word) = input
        team.run { _ in
          for _ in 0..<count { word.value.wrappingAdd(1, ordering: .relaxed) }
        }
        return count
      }),
    repeated(
      "atomic.cas", group: group, title: "Compare and swap, uncontended",
      method: "successful relaxed compare-exchange, each expecting the previous one's result",
      count: 4096, prepare: { _ in Word() },
      run: { word, count in
        var seen = word.value.load(ordering: .relaxed)
        for _ in 0..<count {
          seen =
            word.value.compareExchange(
              expected: seen, desired: seen &+ 1, ordering: .relaxed
            ).original &+ 1
        }
        return count
      }),
    repeated(
      "mutex", group: group, title: "Mutex, uncontended",
      method: "lock and unlock of Synchronization.Mutex around one addition", count: 4096,
      prepare: { _ in Locked() },
      run: { locked, count in
        for _ in 0..<count { locked.value.withLock { $0 &+= 1 } }
        return count
      }),
    repeated(
      "mutex.contended", group: group, title: "Mutex, contended by two cores",
      method: "one mutex locked and unlocked on two cores concurrently; time on one of them",
      needs: [.cores(2)], count: 4096, startsThreads: true,
      prepare: { point in (try point.team(2), Locked()) },
      run: { input, count in
        let (team, locked) = input
        team.run { _ in
          for _ in 0..<count { locked.value.withLock { $0 &+= 1 } }
        }
        return count
      }),
    repeated(
      "team.round", group: group, title: "Fork and join of two threads",
      method: "an empty job passed to a spinning thread on another core, and waiting for its end",
      needs: [.cores(2)], count: 256, startsThreads: true, prepare: { try $0.team(2) },
      run: { team, count in
        for _ in 0..<count { team.run { perflab_opaque(Int64($0)) } }
        return count
      }),
    repeated(
      "retain.release", group: group, title: "Retain and release, uncontended",
      method: "swift_retain and swift_release of one object, alternately", count: 4096,
      prepare: { _ in Word() },
      run: { word, count in
        retainAndRelease(word, count)
        return count
      }),
    counting(256, near: "l1"), counting(8_192, near: "l2"),
    repeated(
      "retain.release.contended", group: group, title: "Retain and release, contended by two cores",
      method: "one object on two cores concurrently; time on one of them", needs: [.cores(2)],
      count: 16_384, startsThreads: true, prepare: { point in (try point.team(2), Word()) },
      run: { input, count in
        let (team, word) = input
        team.run { _ in retainAndRelease(word, count) }
        return count
      }),
  ]

  /// One-word objects in heap order, retained and released as by a loop over a list or an array.
  private static func counting(_ objects: Int, near level: String) -> Probe {
    repeated(
      "retain.release.next.\(level)", group: group,
      title: "Retain and release, a different object each time, \(level.uppercased())",
      method: "swift_retain of the next and swift_release of this one, over \(objects) objects",
      count: objects, smoke: 4,
      prepare: { point in
        // Never released: iterating over an array would itself retain and release its elements.
        AlignedBuffer(count: point.value) { _ in Unmanaged.passRetained(Word()) }
      },
      run: { words, count in
        countInTurn(words.opaqueElements)
        return count
      })
  }
}

@inline(never)
private func countInTurn(_ words: UnsafeBufferPointer<Unmanaged<Word>>) {
  var this = words[0].retain()
  for next in words {
    _ = next.retain()
    perflab_escape(next.toOpaque())
    this.release()
    perflab_escape(this.toOpaque())
    this = next
  }
  this.release()
}

final class Word: Sendable {
  let value = Atomic<Int>(0)
}

private final class Locked: Sendable {
  let value = Mutex(0)
}

/// The optimiser pairs retains with releases and drops both; it may not look past the escape.
@inline(never)
private func retainAndRelease(_ word: Word, _ count: Int) {
  let reference = Unmanaged.passUnretained(word)
  let address = reference.toOpaque()
  for _ in 0..<count {
    _ = reference.retain()
    perflab_escape(address)
    reference.release()
    perflab_escape(address)
  }
}
