import Harness
import Results

/// A published figure that an experiment computes with, from `Data/figures.csv`.
public struct CitedFigure: Sendable, Equatable {
  /// What an experiment calls it: `boot.ec2-linux`.
  public let name: String
  /// In its unit.
  public let value: Double
  /// The ends of its range; the value itself where the source has none.
  public let low, high: Double
  /// `s`; empty for a pure number.
  public let unit: String
  /// Where it was found, and from when it is.
  public let source: String

  /// All of them, by name.
  public static let all: [String: CitedFigure] = {
    let figures = DataFile(PackageResources.figures_csv).rows.compactMap { row -> CitedFigure? in
      guard let name = row["x_Name"], let value = row["x_Value"].flatMap(Double.init) else {
        return nil
      }
      return CitedFigure(
        name: name, value: value, low: row["x_Low"].flatMap(Double.init) ?? value,
        high: row["x_High"].flatMap(Double.init) ?? value, unit: row["x_Unit"] ?? "",
        source: "\(row["x_Source"] ?? ""), \(row["x_Date"] ?? "")")
    }
    return Dictionary(uniqueKeysWithValues: figures.map { ($0.name, $0) })
  }()

  /// The figure of a name. Another name is a programmer's mistake.
  public static func named(_ name: String) -> CitedFigure {
    guard let figure = all[name] else { preconditionFailure("no figure \(name)") }
    return figure
  }
}

extension UncertainInput {
  /// A cited figure with its range, under the name that the page shows.
  /// - Parameter estimate: in its range, where the experiment takes another value than the figure's.
  public init(_ figure: String, named name: String, estimate: Double? = nil) {
    let figure = CitedFigure.named(figure)
    self.init(
      name, estimate ?? figure.value, in: figure.low...figure.high, source: figure.source)
  }
}

/// A file of this folder: its rows by the names of the columns.
struct DataFile {
  let rows: [[String: String]]

  init(_ text: [UInt8]) {
    let records = CSV.records(text)
    let columns = records.first ?? []
    rows = records.dropFirst().map { record in
      Dictionary(uniqueKeysWithValues: zip(columns, record))
    }
  }
}
