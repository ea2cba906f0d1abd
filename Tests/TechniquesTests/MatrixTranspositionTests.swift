import Techniques
import Testing

@Suite struct MatrixTranspositionTests {
  @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 48, 50, 64])
  func everyElementChangesRowForColumnAndNothingElseIsWritten(side: Int) {
    let count = side * side
    let matrix = (0..<count).map(Float.init)
    var turned = [Float](repeating: -1, count: count + 16)
    matrix.withUnsafeBufferPointer { from in
      turned.withUnsafeMutableBufferPointer { to in
        guard let from = from.baseAddress, let to = to.baseAddress else { return }
        MatrixTransposition.transpose(from, to: to, side: side)
      }
    }
    for row in 0..<side {
      for column in 0..<side {
        #expect(turned[column * side + row] == matrix[row * side + column])
      }
    }
    #expect(turned[count...].allSatisfy { $0 == -1 })
  }
}
