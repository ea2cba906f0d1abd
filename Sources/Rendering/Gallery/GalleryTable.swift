import Results

/// Many machines in a few lines for the terminal.
public enum GalleryTable {
  /// Machines that are named.
  private static let most = 20

  /// What was found, and which machines to doubt.
  public static func render(_ gallery: Gallery) -> String {
    let doubts = gallery.members.compactMap { member -> String? in
      let state = GalleryPage.state(member)
      let poor = member.poor.isEmpty ? nil : "poor: \(member.poor.joined(separator: ", "))"
      let all = [state == "as written" ? nil : state, poor].compactMap(\.self)
      return all.isEmpty ? nil : "\(member.name): \(all.joined(separator: "; "))"
    }
    let more = doubts.count - most
    return "\(GalleryPage.count(gallery)), \(GalleryPage.summary(gallery))"
      + doubts.prefix(most).map { DisplayWidth.printable($0) + "\n" }.joined()
      + (more > 0 ? "and \(more) more machines, which the page lists\n" : "")
  }
}
