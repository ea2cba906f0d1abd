import Glibc
import Harness

/// The same look-ups in sorted keys by the C++ library, and in a tree as the literature has it.
let searchLayoutPeers = [
  Variant(
    "std::lower_bound", peer: Peer(.standard, "perflab_lower_bound"),
    prepare: { point, functions in
      typealias LookUp =
        @convention(c) (UnsafePointer<UInt32>, Int, UnsafePointer<UInt32>, Int) -> UInt64
      return (
        input: SearchInput(point) { $0 },
        lookUp: functions("perflab_lower_bound", as: LookUp.self)
      )
    },
    run: { peer in
      let (keys, wanted) = (peer.input.keys, peer.input.wanted)
      return peer.lookUp(keys, keys.count, wanted, wanted.count)
    }),
  Variant(
    "static B+ tree in C++",
    peer: Peer(.textbook, "perflab_tree_make", "perflab_tree_lower_bound"),
    prepare: { point, functions in
      let make = functions(
        "perflab_tree_make",
        as: (@convention(c) (UnsafePointer<UInt32>, Int) -> UnsafeMutableRawPointer).self)
      typealias LookUp =
        @convention(c) (UnsafeRawPointer, UnsafePointer<UInt32>, Int) -> UInt64
      return (
        input: SearchInput(point) { UInt(bitPattern: make($0, $0.count)) },
        lookUp: functions("perflab_tree_lower_bound", as: LookUp.self)
      )
    },
    run: { peer in
      let wanted = peer.input.wanted
      return peer.lookUp(
        UnsafeRawPointer(bitPattern: peer.input.keys)!, wanted, wanted.count)
    }),
]

/// The same join with Abseil's hash table.
let joinPeers = [
  Variant(
    "absl::flat_hash_map", peer: Peer(.abseil, "perflab_flat_hash_join"),
    prepare: { point, functions in
      typealias JoinTables =
        @convention(c) (UnsafeRawPointer, Int, UnsafeRawPointer, Int) -> Int
      return (
        joins: Join.random(point),
        join: functions("perflab_flat_hash_join", as: JoinTables.self)
      )
    },
    run: { peer in
      peer.joins.reduce(0) { total, tables in
        total
          &+ tables.orders.withUnsafeBytes { orders in
            tables.customers.withUnsafeBytes { customers in
              peer.join(
                orders.baseAddress!, tables.orders.count, customers.baseAddress!,
                tables.customers.count)
            }
          }
      }
    })
]

/// The same masks in C++, and one pass of the C library's search for a byte that is not there.
let byteScanYardsticks = [
  Variant(
    "C++ masks", peer: Peer(.textbook, "perflab_csv_shape"),
    prepare: { point, functions in
      typealias Shape =
        @convention(c) (
          UnsafePointer<UInt8>, Int, UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>
        ) -> Void
      return (files: CSVFiles(point), shape: functions("perflab_csv_shape", as: Shape.self))
    },
    run: { peer in
      peer.files.sum { file in
        var shape = CSVShape()
        peer.shape(file.baseAddress!, file.count, &shape.records, &shape.fields)
        return shape.digest
      }
    }),
  Variant(
    limit: "memchr for one byte",
    prepare: { CSVFiles($0) },
    run: { files in
      files.sum { file in
        memchr(file.baseAddress!, Int32(opaque(1)), file.count) == nil ? 1 : 0
      }
    }),
]
