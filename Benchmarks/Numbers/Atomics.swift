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
      "atomic.add", group: group, title: "Atomic add, alone",
      method: "relaxed add to one word that no other core uses", count: 4096,
      prepare: { _ in Word() },
      run: { word, count in
        for _ in 0..<count { word.value.add(1, ordering: .relaxed) }
        return count
      }),
    repeated(
      "atomic.cas", group: group, title: "Compare and swap, alone",
      method: "relaxed compare-exchange that succeeds, each expecting what the last one left",
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
      "mutex", group: group, title: "Mutex, alone",
      method: "lock and unlock of Synchronization.Mutex around one addition", count: 4096,
      prepare: { _ in Locked() },
      run: { locked, count in
        for _ in 0..<count { locked.value.withLock { $0 &+= 1 } }
        return count
      }),
    repeated(
      "mutex.contended", group: group, title: "Mutex, two cores",
      method: "the same mutex locked and unlocked on two cores at once, time of one of them",
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
      "team.round", group: group, title: "Round of two threads",
      method: "an empty job given to a waiting thread on another core, and its end awaited",
      needs: [.cores(2)], count: 256, startsThreads: true, prepare: { try $0.team(2) },
      run: { team, count in
        for _ in 0..<count { team.run { perflab_opaque(Int64($0)) } }
        return count
      }),
    repeated(
      "retain.release", group: group, title: "Retain and release, alone",
      method: "swift_retain and swift_release of one object, in turn", count: 4096,
      prepare: { _ in Word() },
      run: { word, count in
        retainAndRelease(word, count)
        return count
      }),
    counting(256, near: "l1"), counting(8_192, near: "l2"),
    repeated(
      "retain.release.contended", group: group, title: "Retain and release, two cores",
      method: "the same object on two cores at once, time of one of them", needs: [.cores(2)],
      count: 16_384, startsThreads: true, prepare: { point in (try point.team(2), Word()) },
      run: { input, count in
        let (team, word) = input
        team.run { _ in retainAndRelease(word, count) }
        return count
      }),
  ]

  /// Objects of one word in the order of the heap, as a loop over a list or an array of them counts.
  private static func counting(_ objects: Int, near level: String) -> Probe {
    repeated(
      "retain.release.next.\(level)", group: group,
      title: "Retain and release, another object each time, \(level.uppercased())",
      method: "swift_retain of the next and swift_release of this one of \(objects) objects",
      count: objects, smoke: 4,
      prepare: { point in
        // Kept for ever: an array that is walked would count its elements by itself.
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
