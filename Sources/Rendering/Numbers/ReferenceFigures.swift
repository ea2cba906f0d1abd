/// Often-quoted figures to compare a machine's own with; rough and old on purpose.
enum ReferenceFigures {
  struct Figure: Equatable {
    /// In the unit of the number: nanoseconds, or bytes per second.
    let value: Double
    let source: Source
  }

  enum Source: Int, Equatable, CaseIterable {
    case dean = 1, sigoure, eskildsen

    var text: String {
      switch self {
      case .dean:
        "J. Dean, *Numbers Everyone Should Know*, 2009, as J. Bonér listed them in 2012"
      case .sigoure:
        "B. Sigoure, *How long does it take to make a context switch?*, 2010, Intel 5150"
      case .eskildsen: "S. Eskildsen, *Napkin Math*, github.com/sirupsen/napkin-math"
      }
    }
  }

  /// By the number's name. Rates are those of the sources' "read 1 MB sequentially".
  static let all: [String: Figure] = [
    "latency.l1": Figure(value: 0.5, source: .dean),
    "latency.l2": Figure(value: 7, source: .dean),
    "latency.memory": Figure(value: 100, source: .dean),
    "branch.miss": Figure(value: 5, source: .dean),
    "mutex": Figure(value: 25, source: .dean),
    "read.random.4k": Figure(value: 150_000, source: .dean),
    "bandwidth.read.memory": Figure(value: 4e9, source: .dean),
    "read.sequential": Figure(value: 1e9, source: .dean),
    "syscall": Figure(value: 105, source: .sigoure),
    "context.switch": Figure(value: 4300, source: .sigoure),
    "tcp.round.trip": Figure(value: 10_000, source: .eskildsen),
    "fsync.4k": Figure(value: 5_000_000, source: .eskildsen),
  ]
}
