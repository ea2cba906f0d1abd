import Results

/// What a machine's folder holds, and what of it can't be read.
struct StoredResults {
  var results: Results
  /// One for each file that is left out.
  var unreadable: [LabError] = []

  /// Tells of what is left out, and goes on.
  func tellUnreadable() {
    for error in unreadable { Console.error("\(error)") }
  }

  /// Called by who only reads, when everything else is done.
  /// - Throws: `LabError.leftOut` where anything is left out.
  func expectWhole() throws(LabError) {
    if !unreadable.isEmpty { throw .leftOut(unreadable) }
  }
}

extension Results {
  /// In the order of this build's catalog, then what it does not know by name.
  mutating func putInOrder() {
    let places = Dictionary(
      LabContext.current.catalog.enumerated().map { ($1.id, $0) }, uniquingKeysWith: min)
    experiments.sort {
      (places[$0.id] ?? .max, $0.id) < (places[$1.id] ?? .max, $1.id)
    }
  }
}
