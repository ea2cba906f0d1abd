/// A resource by utilisation, saturation and errors.
///
/// Source: Gregg, *Thinking Methodically about Performance*, Communications of the ACM 56(2), 2013.
public struct ResourceState: Sendable, Equatable {
  /// What it is.
  public var name: String
  /// 0 to 1; nil where the data don't say.
  public var utilisation: Double?
  /// In words with the figure; nil where the data don't say.
  public var saturation: String?
  /// The same.
  public var errors: String?
  /// Whether it is the limit.
  public var isSaturated = false

  /// Of all resources that the readings know of.
  static func all(_ readings: Readings) -> [ResourceState] {
    [processors(readings), memory(readings)].compactMap(\.self) + disks(readings)
      + network(readings)
  }

  private static func percent(_ share: Double) -> String { Text.percent(share) }

  private static func processors(_ readings: Readings) -> ResourceState? {
    let (busy, runnable) = (readings.mean(.cpuBusy), readings.mean(.runnable))
    guard busy != nil || runnable != nil else { return nil }
    let count = readings.mean(.processors)
    var state = ResourceState(
      name: count.map { "\(Int($0.rounded())) processors" } ?? "processors", utilisation: busy)
    var signs: [String] = []
    var isQueued = false
    if let runnable {
      signs.append("\(Text.counted(runnable, "task")) runnable")
      if let count { isQueued = runnable > 2 * count }
    }
    if let pressure = readings.mean(.cpuPressure) {
      signs.append("some task waits in \(percent(pressure)) of the time")
    }
    if let steal = readings.mean(.cpuSteal), steal > 0.05 {
      signs.append("another guest takes \(percent(steal))")
    }
    state.isSaturated = busy.map { $0 >= (isQueued ? 0.8 : 0.9) } ?? isQueued
    state.saturation = signs.isEmpty ? nil : signs.joined(separator: ", ")
    return state
  }

  private static func memory(_ readings: Readings) -> ResourceState? {
    let available = readings.mean(.memoryAvailable)
    let swapping = readings.mean(.swapping)
    guard available != nil || swapping != nil else { return nil }
    var state = ResourceState(name: "memory", utilisation: available.map { 1 - $0 })
    var signs: [String] = []
    if let swapping { signs.append("\(Text.figure(swapping)) pages swapped per second") }
    if let pressure = readings.mean(.memoryPressure) {
      signs.append("some task waits for memory in \(percent(pressure)) of the time")
      if pressure > 0.1 { state.isSaturated = true }
    }
    if let swapping, swapping > 100 { state.isSaturated = true }
    state.saturation = signs.isEmpty ? nil : signs.joined(separator: ", ")
    return state
  }

  private static func disks(_ readings: Readings) -> [ResourceState] {
    readings.names(of: .diskBusy).compactMap { name in
      guard let busy = readings.mean(.diskBusy, name),
        (readings.mean(.diskOperations, name) ?? 1) > 0
      else { return nil }
      var state = ResourceState(name: "disk \(name)", utilisation: busy)
      let queue = readings.mean(.diskQueue, name)
      if let queue {
        let wait = readings.mean(.diskWait, name).map { ", \(Text.seconds($0)) each" } ?? ""
        state.saturation = "\(Text.figure(queue)) requests in the queue\(wait)"
      }
      // Devices serve many at once: busy alone says little.
      state.isSaturated = busy >= 0.9 && (queue ?? 2) >= 2
      return state
    }
  }

  private static func network(_ readings: Readings) -> [ResourceState] {
    var states: [ResourceState] = []
    for name in readings.names(of: .networkBytes) {
      let bytes = readings.mean(.networkBytes, name) ?? 0
      guard bytes > 0 || (readings.mean(.networkErrors, name) ?? 0) > 0 else { continue }
      var state = ResourceState(name: "interface \(name)")
      state.saturation = "\(Text.bytes(bytes)) per second; its rate is not in the data"
      if let errors = readings.mean(.networkErrors, name) {
        state.errors = "\(Text.figure(errors)) errors and drops per second"
        state.isSaturated = errors > 1
      }
      states.append(state)
    }
    let perSecond = readings.mean(.retransmits)
    let sent = readings.mean(.segments) ?? 0
    let again = perSecond.map { sent > 0 ? $0 / sent : 0 }
    let dropped = readings.mean(.listenDrops)
    let signs = [
      dropped.map { "\(Text.figure($0)) connections dropped per second at a full backlog" },
      readings.mean(.established).map { "\(Text.figure($0)) established" },
      readings.mean(.timeWait).map { "\(Text.figure($0)) in TIME_WAIT" },
    ].compactMap(\.self)
    if again != nil || !signs.isEmpty {
      var state = ResourceState(name: "TCP")
      state.saturation = signs.isEmpty ? nil : signs.joined(separator: ", ")
      state.errors = again.map { "\(percent($0)) of the segments sent again" }
      // Of few segments one that is lost is a large share.
      let isLossy = (again ?? 0) > 0.01 && (perSecond ?? 0) >= 1
      state.isSaturated = isLossy || (dropped ?? 0) > 0.1
      states.append(state)
    }
    return states
  }
}
