import Results

/// Many machines in a few lines for the terminal.
public enum GalleryTable {
  /// What was found, and which machines to doubt.
  public static func render(_ gallery: Gallery) -> String {
    let doubts = gallery.members.compactMap { member -> String? in
      let state = GalleryPage.state(member)
      let poor = member.poor.isEmpty ? nil : "poor: \(member.poor.joined(separator: ", "))"
      let all = [state == "as written" ? nil : state, poor].compactMap(\.self)
      return all.isEmpty ? nil : "\(member.name): \(all.joined(separator: "; "))"
    }
    let lines = ["\(GalleryPage.count(gallery)), \(GalleryPage.summary(gallery))"]
    return lines.joined() + doubts.map { DisplayWidth.printable($0) + "\n" }.joined()
  }
}
