import Statistics

/// What `perflab numbers` found: the root of `numbers.json`.
public struct Numbers: Equatable, Sendable, Codable {
  /// Raised when a field changes its meaning or goes.
  public static let currentSchema = 1

  /// The format of this file.
  public var schema: Int
  /// How and when it was measured.
  public var run: Run
  /// Its `numbers` are empty here; `entries` has them in order, with what is missing.
  public var machine: Machine
  /// Of machine, kernel and build: another fingerprint makes the numbers stale.
  public var fingerprint: String
  /// By area, of how its numbers are measured: those of other areas were not asked for. Nil in older
  /// files.
  public var areas: [String: String]?
  /// Worker processes that each gave one value of every number.
  public var processes: Int
  /// Seconds of wall time for all of it.
  public var wallSeconds: Double
  /// In the order of the page.
  public var entries: [NumberEntry]
  /// Curves and surfaces.
  public var series: [Series]
  /// In the order of a team's members, the measuring thread first: a series over processors counts
  /// them so. Nil in older files.
  public var team: [TeamProcessor]?

  /// Puts the properties together.
  public init(
    run: Run, machine: Machine, fingerprint: String, areas: [String: String]? = nil,
    processes: Int, wallSeconds: Double, entries: [NumberEntry], series: [Series],
    team: [TeamProcessor]? = nil
  ) {
    schema = Self.currentSchema
    self.run = run
    self.machine = machine
    self.fingerprint = fingerprint
    self.areas = areas
    self.processes = processes
    self.wallSeconds = wallSeconds
    self.entries = entries
    self.series = series
    self.team = team
  }

  /// Takes the numbers of some areas from a later measurement, in place of what there was of them.
  /// - Parameter areas: that the later one was about.
  public mutating func take(_ areas: Set<String>, from later: Numbers) {
    func isStale(_ area: String?) -> Bool { area.map(areas.contains) ?? false }
    entries = entries.filter { !isStale($0.area) } + later.entries.filter { isStale($0.area) }
    series = series.filter { !isStale($0.area) } + later.series.filter { isStale($0.area) }
    self.areas = (self.areas ?? [:]).merging(later.areas ?? [:]) { $1 }
    wallSeconds += later.wallSeconds
  }

  /// A clock that differs by more than this share from that of the other numbers is worth a word.
  public static let noticeableDrift = 0.05

  /// By how much the core's clock was faster while each number was measured than the median over all
  /// numbers, as a share; those whose clock differs by no more than `noticeableDrift` are left out.
  public var clockDrifts: [String: Double] {
    let known = entries.compactMap { entry in entry.cycle.map { (entry.name, $0) } }
    guard !known.isEmpty else { return [:] }
    let usual = known.map(\.1).median()
    let drifts = known.map { ($0.0, usual / $0.1 - 1) }
    return Dictionary(
      drifts.filter { abs($0.1) > Self.noticeableDrift }, uniquingKeysWith: { first, _ in first })
  }

  /// By name, for predictions; the points of a series by its name and their place on it,
  /// `staircase.4096`, `mountain.16384.64`.
  public var byName: [String: MachineNumber] {
    var numbers: [String: MachineNumber] = [:]
    for series in series {
      for point in series.points {
        let row = point.y.map { ".\(Int($0))" } ?? ""
        numbers["\(series.name).\(Int(point.x))\(row)"] = MachineNumber(
          point.quantity, method: series.method)
      }
    }
    for entry in entries {
      guard let quantity = entry.quantity else { continue }
      numbers[entry.name] = MachineNumber(quantity, method: entry.method, cycle: entry.cycle)
    }
    return numbers
  }
}

/// One number of the machine, or the reason why there is none.
public struct NumberEntry: Equatable, Sendable, Codable {
  /// Predictions ask for it under this name.
  public var name: String
  /// The heading that it stands under.
  public var group: String
  /// What it is, in a few words.
  public var title: String
  /// How it was measured, in one line.
  public var method: String
  /// The area whose experiments ask for it; nil where any may.
  public var area: String?
  /// Nil where it could not be measured.
  public var quantity: Quantity?
  /// Why there is no quantity.
  public var missing: String?
  /// What each process gave, in the order of the processes.
  public var values: [Double]
  /// Nanoseconds of a clock cycle of the measuring core meanwhile, the median over the processes;
  /// nil without a quantity, and in older files.
  public var cycle: Double?
  /// Of how many processes another guest or process used the core as well; nil for none, and in
  /// older files.
  public var sharedProcesses: Int?
  /// Processes with the core to themselves that a quantity needs to leave out all others. With fewer
  /// it is that of as many whose core was shared least.
  public static let enoughProcesses = 3

  /// Whether the quantity leaves out the values that were taken on a shared core.
  public var omitsShared: Bool {
    sharedProcesses.map { values.count - $0 >= Self.enoughProcesses } ?? false
  }

  /// Puts the properties together.
  public init(
    name: String, group: String, title: String, method: String, area: String? = nil,
    quantity: Quantity?, missing: String? = nil, values: [Double] = [], cycle: Double? = nil,
    sharedProcesses: Int? = nil
  ) {
    self.name = name
    self.group = group
    self.title = title
    self.method = method
    self.area = area
    self.quantity = quantity
    self.missing = missing
    self.values = values
    self.cycle = cycle
    self.sharedProcesses = sharedProcesses
  }
}

/// Quantities over one axis (a curve) or two (a surface).
public struct Series: Equatable, Sendable, Codable {
  /// Predictions ask for it under this name.
  public var name: String
  /// What it is, in a few words.
  public var title: String
  /// How it was measured, in one line.
  public var method: String
  /// The area whose experiments ask for it; nil where any may.
  public var area: String?
  /// The value on the first axis.
  public var x: SeriesAxis
  /// The value on the second axis; nil on a curve.
  public var y: SeriesAxis?
  /// In ascending order of x, then y.
  public var points: [SeriesPoint]

  /// Puts the properties together.
  public init(
    name: String, title: String, method: String, area: String? = nil, x: SeriesAxis, y: SeriesAxis?,
    points: [SeriesPoint]
  ) {
    self.name = name
    self.title = title
    self.method = method
    self.area = area
    self.x = x
    self.y = y
    self.points = points
  }
}

/// What an axis of a series shows.
public struct SeriesAxis: Equatable, Sendable, Codable {
  /// Predictions ask for it under this name.
  public var name: String
  /// Of the values on the axis.
  public var unit: Unit

  /// Puts the properties together.
  public init(_ name: String, unit: Unit) {
    self.name = name
    self.unit = unit
  }
}

/// One point of a series; `y` is nil on a curve.
public struct SeriesPoint: Equatable, Sendable, Codable {
  /// The value on the first axis.
  public var x: Double
  /// The value on the second axis; nil on a curve.
  public var y: Double?
  /// What was measured there.
  public var quantity: Quantity

  /// Puts the properties together.
  public init(x: Double, y: Double?, quantity: Quantity) {
    self.x = x
    self.y = y
    self.quantity = quantity
  }
}
