import Results

/// Stacks as text, one a line: functions from the outermost in, with semicolons between them, then
/// how often. FlameGraph, inferno and speedscope read it.
public enum FoldedStacks {
  /// Lines in the order of the stacks; the same profile gives the same text.
  public static func text(_ profile: Profile) -> String {
    profile.stacks.map { stack in
      stack.frames.map(field).joined(separator: ";") + " \(stack.count)\n"
    }.joined()
  }

  /// What would end a function's name or its line is another character there.
  private static func field(_ name: String) -> String {
    String(name.map { $0 == ";" ? "," : $0.isNewline ? " " : $0 })
  }
}
