import Harness
import Results

extension Experiment {
  /// A list of class nodes, of indices into an array, and of no links at all.
  static let linkedListToArray = Experiment(
    id: "memory/linked-list-to-array",
    title: "Linked list: class nodes → indices in an array → no links",
    slot: "performance/memory/layout",
    claim: """
      Walking a list is several times faster when its links are indices into one array instead of \
      references to class nodes, which need reference counting and more memory; where both come from \
      memory in random order, the dependent load dominates and little is gained.
      """,
    mechanism: """
      A class node takes 48 bytes of the heap: an object header of 16, the value, the reference, and \
      the allocator's header, rounded up. For each node the loop calls `swift_retain` and \
      `swift_release`: two atomic operations that write to every line on the way. A link takes 8 \
      bytes for value and index. In both, the next address is known only when this node has arrived: \
      one load at a time. Without links the loop is one addition per element.
      """,
    limits: """
      The nodes of a fresh list lie in order: the hardware prefetches them, and the array only \
      saves the reference counting. Insertions and removals scatter them; a random order is the \
      extreme. The program has to keep indices valid itself: a stale index silently refers to \
      another node. Inserting into the middle of an array without links moves half of it. With \
      large elements smaller links save little.
      """,
    diagram: """
      flowchart TB
        subgraph nodes["class nodes: {class nodes}"]
          direction LR
          n0["header · value · next"] -- "retain, release" --> n1["header · value · next"]
        end
        subgraph links["indices in an array: {indices in an array}"]
          direction LR
          l0["value · 5"] --> l1["value · 2"]
        end
        subgraph values["values in order: {values in order}"]
          v["<b>v v v v v v v v</b>"]
        end
        nodes -- "{speedup} at {point}" --> links --> values
      """,
    sweep: .named("nodes", ListSize.all.map(\.label), smoke: 1), signals: ["cache misses"],
    work: { _ in
      Work(elements: Double(ListSize.steps), each: "node", bytes: Double(ListSize.steps * 4))
    },
    variants: [
      Variant(
        "class nodes", shows: ["ListNode", "totalOfNodes"],
        prepare: { NodeLists(ListSize.all[$0.value], $0) },
        run: { lists in lists.turns.next { totalOfNodes(lists.heads[$0]) } }),
      Variant(
        "indices in an array", shows: ["ListLink", "totalOfLinks"],
        prepare: { LinkLists(ListSize.all[$0.value], $0) },
        run: { lists in
          lists.turns.next {
            totalOfLinks(lists.links.opaqueElements.span, from: lists.heads[$0])
          }
        }),
      Variant(
        "values in order", shows: ["totalOfValues"],
        prepare: { ValueLists(ListSize.all[$0.value]) },
        run: { lists in
          lists.turns.next { list in
            let length = lists.turns.length
            return totalOfValues(
              lists.values.opaqueElements.span.extracting(list * length..<(list + 1) * length))
          }
        }),
    ],
    noYardstick: "One dependent load per node is the bound; memory/cache-levels shows its time.",
    // In the caches, and in the order that lists come to have.
    headline: DeclaredHeadline(value: 3, variant: "indices in an array"),
    model: { question throws(MissingNumber) in try ListWalk(question).model })
}

final class ListNode {
  let value: Int32
  var next: ListNode?

  init(_ value: Int32) { self.value = value }
}

/// A value, and the index of the next one.
struct ListLink: BitwiseCopyable {
  static let end = UInt32.max
  var value: Int32
  var next: UInt32
}

@inline(never)
private func totalOfNodes(_ head: ListNode?) -> Int {
  var total = 0
  var node = head
  while let current = node {
    total += Int(current.value)
    node = current.next
  }
  return total
}

@inline(never)
private func totalOfLinks(_ links: Span<ListLink>, from head: UInt32) -> Int {
  var total = 0
  var index = head
  while index != ListLink.end {
    let link = links[Int(index)]
    total += Int(link.value)
    index = link.next
  }
  return total
}

@inline(never)
private func totalOfValues(_ values: Span<Int32>) -> Int {
  var total = 0
  for index in values.indices { total += Int(values[index]) }
  return total
}
