/// What goes wrong in the middle of a drill, at a moment that a seed decides. What was acknowledged
/// must be there all the same.
public enum DrillFault: String, CaseIterable, Sendable {
  /// The process that writes ends with all that it has in memory (`KilledCopy`, `ShopProcess`).
  case kill = "kill -9"
  /// Nothing gets through to the other side, and what was under way may have been done (`CutLink`,
  /// `Facade.cut`).
  case cutLink = "cut link"
  /// The other side has no room (`SmallDisk`).
  case fullDisk = "full disk"
}
