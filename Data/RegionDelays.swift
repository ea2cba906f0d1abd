import Results

/// Round trips between the regions of a cloud provider, from `Data/`.
public enum RegionDelays {
  private static let table: [String: (milliseconds: Double, source: String)] = {
    var rows: [String: (Double, String)] = [:]
    let file = PackageResources.region_round_trips_2017_04_csv
    for row in DataFile(file).rows {
      guard let from = row["x_From"], let to = row["x_To"],
        let milliseconds = row["x_Milliseconds"].flatMap(Double.init)
      else { continue }
      let source = "\(row["x_Source"] ?? ""), \(row["x_Date"] ?? "")"
      rows["\(from) \(to)"] = (milliseconds, source)
      rows["\(to) \(from)"] = (milliseconds, source)
    }
    return rows
  }()

  /// From one region to another and back, in milliseconds; 1 within a region.
  /// - Parameters:
  ///   - from: `virginia`, `oregon`, `ireland`, `frankfurt`, `tokyo`, `singapore`, `sydney` or
  ///     `sao-paulo`. Another name is a programmer's mistake.
  ///   - to: the same.
  public static func roundTrip(_ from: String, _ to: String) -> Double {
    if from == to { return 1 }
    guard let row = table["\(from) \(to)"] else {
      preconditionFailure("no round trip from \(from) to \(to)")
    }
    return row.milliseconds
  }

  /// Where the round trips were found.
  public static var source: String { table.values.first?.source ?? "" }
}
