import CPerflab
import Harness
import Results

/// What Swift's runtime takes for arrays and for exclusive access.
enum Objects {
  private static let group = "Runtime"

  static let probes = [
    repeated(
      "array.make", group: group, title: "Array allocated and released",
      method: "[Int](repeating: 0, count: n) of 8 elements, and its release", count: 512,
      prepare: { _ in Int(perflab_opaque(8)) },
      run: { elements, count in makeArrays(of: elements, count) }),
    repeated(
      "exclusivity.check", group: group, title: "Exclusivity check",
      method: "swift_beginAccess for an instantaneous write, with no other access open",
      count: 4096, prepare: { _ in Word() },
      run: { word, count in
        let address = Unmanaged.passUnretained(word).toOpaque()
        for _ in 0..<count { perflab_check_access(address) }
        return count
      }),
    repeated(
      "exclusivity.access", group: group, title: "Exclusive access",
      method: "swift_beginAccess and swift_endAccess of a write during which other code runs",
      count: 4096, prepare: { _ in Word() },
      run: { word, count in
        let address = Unmanaged.passUnretained(word).toOpaque()
        for _ in 0..<count { perflab_begin_and_end_access(address) }
        return count
      }),
  ]
}

@inline(never)
private func makeArrays(of elements: Int, _ count: Int) -> Int {
  var all = 0
  for _ in 0..<count {
    let array = [Int](repeating: 0, count: elements)
    array.withUnsafeBufferPointer { perflab_escape($0.baseAddress) }
    all &+= array[0]
  }
  return all
}
