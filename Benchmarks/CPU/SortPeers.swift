import Harness

/// Integers or records, by their first address and their number.
private typealias Sort = @convention(c) (UnsafeMutableRawPointer, Int) -> Void

/// The same arrays, sorted by other libraries.
let sortPeers = [
  peer("Highway vqsort", .highway, "perflab_vqsort_integers", "perflab_vqsort_pairs") { point in
    // Its pairs have the value before the key. The digest is the same for either order.
    let input = SortInput(point)
    input.records = input.records.map { records in
      records.map { record in
        KeyedRecord(key: UInt64(record.row), row: Int(truncatingIfNeeded: record.key))
      }
    }
    return input
  },
  peer("Boost spreadsort", .boost, "perflab_spreadsort_integers", "perflab_spreadsort_records"),
  peer("Boost pdqsort", .boost, "perflab_pdqsort_integers", "perflab_pdqsort_records"),
]

private func peer(
  _ name: String, _ library: PeerLibrary, _ integers: String, _ records: String,
  input: @escaping @Sendable (Point) -> SortInput = { SortInput($0) }
) -> Variant {
  Variant(
    name, peer: Peer(library, integers, records),
    prepare: { point, functions in
      (
        input: input(point), sortIntegers: functions(integers, as: Sort.self),
        sortRecords: functions(records, as: Sort.self)
      )
    },
    run: { peer in
      peer.input.digest(
        { integers, _ in sorted(integers, by: peer.sortIntegers) },
        { records, _ in sorted(records, by: peer.sortRecords) })
    })
}

/// A copy, as the other variants make one.
private func sorted<Element>(_ elements: [Element], by sort: Sort) -> [Element] {
  var elements = elements
  elements.withUnsafeMutableBufferPointer { sort($0.baseAddress!, $0.count) }
  return elements
}
