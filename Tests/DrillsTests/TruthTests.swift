import Testing

@testable import Drills

@Suite struct TruthTests {
  private let keeper = TruthKeeper()

  /// A hundred acknowledged rows.
  private func rows() -> [(key: Int, value: UInt64)] {
    (0..<100).map { key in
      keeper.intend(key, UInt64(key))
      keeper.acknowledge(key, UInt64(key))
      return (key, UInt64(key))
    }
  }

  @Test func whatIsThereOnceAndUnchangedIsTrue() {
    #expect(keeper.judge(rows()).isTrue)
    #expect(keeper.acknowledged == 100)
  }

  @Test func aLostWriteIsFound() {
    var rows = rows()
    rows.remove(at: 17)
    let report = keeper.judge(rows)
    #expect(report.lost == [17] && report.wrong == 1)
    #expect(report.description == "1 lost, 0 doubled, 0 diverged, 0 invented")
  }

  @Test func aDoubledWriteIsFound() {
    let rows = rows()
    #expect(keeper.judge(rows + [rows[3]]).doubled == [3])
  }

  @Test func aDivergedWriteIsFound() {
    var rows = rows()
    rows[5].value = 6
    #expect(keeper.judge(rows).diverged == [5])
  }

  @Test func aLostAndADoubledWriteDoNotCancelOut() {
    var rows = rows()
    rows[9] = rows[8]
    let report = keeper.judge(rows)
    #expect(rows.count == 100 && report.lost == [9] && report.doubled == [8])
  }

  @Test func aRowThatNobodyWroteIsFound() {
    #expect(keeper.judge(rows() + [(key: 500, value: 1)]).invented == [500])
  }

  @Test func aWriteWithoutAResponseMayBeThereOrNot() {
    let rows = rows()
    keeper.intend(200, 7)
    #expect(keeper.judge(rows).isTrue)
    #expect(keeper.judge(rows + [(key: 200, value: 7)]).isTrue)
    #expect(keeper.judge(rows + [(key: 200, value: 8)]).diverged == [200])
  }

  @Test func anUpdateWithoutAResponseMayHaveHappened() {
    var rows = rows()
    keeper.intend(5, 77)
    #expect(keeper.judge(rows).isTrue)
    rows[5].value = 77
    #expect(keeper.judge(rows).isTrue)
    // Once it is acknowledged, the old value is wrong.
    keeper.acknowledge(5, 77)
    rows[5].value = 5
    #expect(keeper.judge(rows).diverged == [5])
  }

  @Test func aRefusedWriteMustNotBeThere() {
    let rows = rows()
    keeper.intend(300, 9)
    keeper.refuse(300, 9)
    #expect(keeper.judge(rows + [(key: 300, value: 9)]).invented == [300])
  }

  @Test func aCopyIsComparedWithItsOriginal() {
    let original = rows()
    var copy = Array(original.dropFirst())
    copy[0].value += 1
    copy.append((key: 900, value: 1))
    let report = TruthReport.comparing(copy, with: original)
    #expect(report.lost == [0] && report.diverged == [1] && report.invented == [900])
  }
}
