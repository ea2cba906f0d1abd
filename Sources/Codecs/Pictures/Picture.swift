import Statistics

/// A picture: red, green and blue, eight bits each, row by row.
public struct Picture: Sendable, Equatable {
  /// Pixels.
  public let width, height: Int
  /// Three for each pixel.
  public let bytes: [UInt8]

  /// A picture of pixels that are there.
  /// - Parameter bytes: 3 × width × height.
  public init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(bytes.count == 3 * width * height, "three bytes for each pixel")
    (self.width, self.height, self.bytes) = (width, height, bytes)
  }

  /// The mean of squares of so many pixels each way: what a picture is when it is shown smaller.
  /// Pixels beyond a whole number of squares are cut off.
  public func shrunk(by factor: Int) -> Picture {
    let (columns, rows) = (width / factor, height / factor)
    var small = [UInt8](repeating: 0, count: 3 * columns * rows)
    var sums = [UInt32](repeating: 0, count: 3 * columns)
    let half = UInt32(factor * factor / 2)
    bytes.withUnsafeBufferPointer { bytes in
      for row in 0..<rows {
        for place in sums.indices { sums[place] = half }
        for line in row * factor..<(row + 1) * factor {
          var pixel = 3 * line * width
          for column in 0..<columns {
            var (red, green, blue) = (UInt32(0), UInt32(0), UInt32(0))
            for _ in 0..<factor {
              red += UInt32(bytes[pixel])
              green += UInt32(bytes[pixel + 1])
              blue += UInt32(bytes[pixel + 2])
              pixel += 3
            }
            sums[3 * column] += red
            sums[3 * column + 1] += green
            sums[3 * column + 2] += blue
          }
        }
        for place in sums.indices {
          small[3 * row * columns + place] = UInt8(sums[place] / UInt32(factor * factor))
        }
      }
    }
    return Picture(width: columns, height: rows, bytes: small)
  }

  /// Brightness of each pixel, 0 to 255.
  ///
  /// Source: ITU-R BT.601.
  var brightness: [Float] {
    stride(from: 0, to: bytes.count, by: 3).map { pixel in
      0.299 * Float(bytes[pixel]) + 0.587 * Float(bytes[pixel + 1])
        + 0.114 * Float(bytes[pixel + 2])
    }
  }

  /// How alike two pictures of one size look: the mean structural similarity of the brightness over
  /// squares of eight pixels; 1 for the same picture.
  ///
  /// Source: Wang, Bovik, Sheikh and Simoncelli, *Image Quality Assessment: From Error Visibility to
  /// Structural Similarity*, IEEE Transactions on Image Processing 13(4), 2004. Squares that do not
  /// overlap take the place of its sliding window.
  public func similarity(to other: Picture) -> Double {
    precondition(width == other.width && height == other.height, "pictures of one size")
    let (own, others) = (brightness, other.brightness)
    let (first, second): (Float, Float) = (6.5025, 58.5225)
    var (sum, count) = (0.0, 0)
    for top in stride(from: 0, through: height - 8, by: 8) {
      for left in stride(from: 0, through: width - 8, by: 8) {
        var (a, b, aa, bb, ab): (Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0)
        for row in top..<top + 8 {
          for place in row * width + left..<row * width + left + 8 {
            let (x, y) = (own[place], others[place])
            a += x
            b += y
            aa += x * x
            bb += y * y
            ab += x * y
          }
        }
        let (meanA, meanB) = (a / 64, b / 64)
        let (varianceA, varianceB) = (aa / 64 - meanA * meanA, bb / 64 - meanB * meanB)
        let covariance = ab / 64 - meanA * meanB
        let above = (2 * meanA * meanB + first) * (2 * covariance + second)
        let below =
          (meanA * meanA + meanB * meanB + first) * (varianceA + varianceB + second)
        sum += Double(above / below)
        count += 1
      }
    }
    return sum / Double(max(1, count))
  }
}
