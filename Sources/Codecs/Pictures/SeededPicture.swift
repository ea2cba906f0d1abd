import Statistics

extension Picture {
  /// What a camera might see: light and colour that change slowly, things with edges, texture at all
  /// sizes, less of it the finer it is, and a grain. The same seed gives the same picture.
  public static func photo(width: Int, height: Int, seed: UInt64) -> Picture {
    var random = SeededGenerator(seed: seed)
    var light = [Float](repeating: 128, count: width * height)
    var (warm, green) = (light.map { _ in Float(0) }, light.map { _ in Float(0) })
    for size in [256, 128, 64, 32, 16, 8, 4, 2] {
      let strength = 60 * (Float(size) / 256).squareRoot()
      add(Noise(size, width, height, &random), strength, to: &light, width)
    }
    for size in [256, 64] {
      add(Noise(size, width, height, &random), 30, to: &warm, width)
      add(Noise(size, width, height, &random), 20, to: &green, width)
    }
    for _ in 0..<20 { place(Disc(width, height, &random), on: &light, &warm, width, height) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * width * height)
    for place in light.indices {
      let grain = Float.random(in: -3...3, using: &random)
      for value in [
        light[place] + warm[place], light[place] + green[place], light[place] - warm[place],
      ] { bytes.append(UInt8(max(0, min(255, value + grain)))) }
    }
    return Picture(width: width, height: height, bytes: bytes)
  }

  private static func add(
    _ noise: Noise, _ strength: Float, to field: inout [Float], _ width: Int
  ) {
    for place in field.indices {
      field[place] += strength * noise.value(place % width, place / width)
    }
  }

  private static func place(
    _ disc: Disc, on light: inout [Float], _ warm: inout [Float], _ width: Int, _ height: Int
  ) {
    for row in max(0, disc.y - disc.radius)..<min(height, disc.y + disc.radius) {
      for column in max(0, disc.x - disc.radius)..<min(width, disc.x + disc.radius) {
        let (x, y) = (column - disc.x, row - disc.y)
        guard x * x + y * y < disc.radius * disc.radius else { continue }
        light[row * width + column] += disc.light
        warm[row * width + column] += disc.warm
      }
    }
  }
}

/// Random values on a grid, and between them what lies between.
private struct Noise {
  private let size: Int
  private let columns: Int
  private let values: [Float]

  init(_ size: Int, _ width: Int, _ height: Int, _ random: inout SeededGenerator) {
    self.size = size
    columns = width / size + 2
    values = (0..<columns * (height / size + 2)).map { _ in
      Float.random(in: -1...1, using: &random)
    }
  }

  func value(_ x: Int, _ y: Int) -> Float {
    let place = y / size * columns + x / size
    let (right, down) = (Float(x % size) / Float(size), Float(y % size) / Float(size))
    let above = values[place] * (1 - right) + values[place + 1] * right
    let below = values[place + columns] * (1 - right) + values[place + columns + 1] * right
    return above * (1 - down) + below * down
  }
}

/// A thing with an edge.
private struct Disc {
  let x, y, radius: Int
  let light, warm: Float

  init(_ width: Int, _ height: Int, _ random: inout SeededGenerator) {
    x = Int.random(in: 0..<width, using: &random)
    y = Int.random(in: 0..<height, using: &random)
    radius = Int.random(in: 8...max(9, height / 5), using: &random)
    light = Float.random(in: -50...50, using: &random)
    warm = Float.random(in: -30...30, using: &random)
  }
}
