import Rendering
import Testing

enum EvenTables {
  /// Every row of the file's tables has as many cells as its heading.
  static func expect(_ file: PageSet.File) {
    var width: Int?
    for line in file.contents.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("| ") else {
        width = nil
        continue
      }
      let bars = line.replacing("\\|", with: "").filter { $0 == "|" }.count
      #expect(bars == width ?? bars, "\(file.path): \(line)")
      width = bars
    }
  }
}
