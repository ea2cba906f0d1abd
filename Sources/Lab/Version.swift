/// The release of perflab.
enum Version {
  static let text = "0.1.0"
}
