/// The colours, twice: for light and for dark surroundings.
///
/// The series' are the hues of Okabe and Ito ("Color Universal Design", 2008), darkened for white
/// and lightened for dark until each has a contrast of at least 4.5 : 1 against the surface, in an
/// order whose neighbours also differ for people with red-green blindness. A test computes the
/// contrasts.
enum Theme {
  struct Colour: Equatable {
    let light: String
    let dark: String
  }

  static let series = [
    Colour(light: "#0a64ad", dark: "#5cb3f5"),
    Colour(light: "#b9480a", dark: "#f59a57"),
    Colour(light: "#00745a", dark: "#3fcaa2"),
    Colour(light: "#a02f82", dark: "#ea8fd0"),
    Colour(light: "#7d6200", dark: "#dcb93a"),
    Colour(light: "#5b4bb3", dark: "#b0a5ff"),
  ]

  /// One hue from faint to strong, so that order shows without colour as well.
  static let shades = [
    Colour(light: "#eaf3fb", dark: "#10243a"), Colour(light: "#cfe3f5", dark: "#14365a"),
    Colour(light: "#a9cdec", dark: "#1a4a7c"), Colour(light: "#7db2df", dark: "#22609f"),
    Colour(light: "#4f94ce", dark: "#2a6fb3"), Colour(light: "#2a75b5", dark: "#4f9be0"),
    Colour(light: "#155893", dark: "#83bdf2"), Colour(light: "#0a3c69", dark: "#c2e0fb"),
  ]

  static func colour(_ ink: Ink) -> Colour {
    switch ink {
    case .surface: Colour(light: "#ffffff", dark: "#0d1117")
    case .text: Colour(light: "#1f2328", dark: "#e6edf3")
    case .muted: Colour(light: "#59636e", dark: "#9198a1")
    case .grid: Colour(light: "#dfe3e8", dark: "#262c36")
    case .axis: Colour(light: "#818b98", dark: "#656c76")
    case .noise: Colour(light: "#818b98", dark: "#7d8590")
    case .baseline: Colour(light: "#4d5761", dark: "#b7bfc8")
    case .series(let index): series[abs(index) % series.count]
    case .shade(let index): shades[min(max(index, 0), shades.count - 1)]
    }
  }

  /// Every ink that a drawing can have.
  static let inks: [Ink] =
    [.surface, .text, .muted, .grid, .axis, .noise, .baseline]
    + series.indices.map { .series($0) } + shades.indices.map { .shade($0) }

  /// Names the ink in a style sheet.
  static func name(_ ink: Ink) -> String {
    switch ink {
    case .surface: "surface"
    case .text: "text"
    case .muted: "muted"
    case .grid: "grid"
    case .axis: "axis"
    case .noise: "noise"
    case .baseline: "base"
    case .series(let index): "s\(abs(index) % series.count + 1)"
    case .shade(let index): "h\(min(max(index, 0), shades.count - 1))"
    }
  }
}
