import CitedData
import Testing

@Suite struct CitedDataTests {
  @Test func everyFigureHasASourceAndLiesInItsRange() {
    #expect(CitedFigure.all.count >= 5)
    for figure in CitedFigure.all.values {
      #expect(figure.source.count > 20 && figure.low <= figure.value && figure.value <= figure.high)
    }
    #expect(CitedFigure.named("burn.fast").value == 14.4)
  }

  @Test func everyPairOfRegionsHasARoundTrip() {
    let regions = [
      "virginia", "oregon", "ireland", "frankfurt", "tokyo", "singapore", "sydney", "sao-paulo",
    ]
    for from in regions {
      for to in regions {
        let time = RegionDelays.roundTrip(from, to)
        #expect(time == RegionDelays.roundTrip(to, from) && time >= 1 && time < 400)
      }
    }
    #expect(RegionDelays.roundTrip("virginia", "ireland") == 80.55)
    #expect(RegionDelays.source.contains("aws-regions"))
  }
}
