import Systems
import Testing

@Suite(.serialized) struct TLSPairTests {
  private func connect(
    _ pair: TLSPair, _ start: TLSPair.Start
  ) throws -> (trips: Int, response: [UInt8]) {
    var response = [UInt8](repeating: 0, count: 64)
    let report = try response.withUnsafeMutableBytes { response in
      try (0..<64).map { UInt8($0) }.withUnsafeBytes {
        try pair.connect(start, request: $0, response: response)
      }
    }
    return (report.roundTrips, response)
  }

  @Test(arguments: TLSPair.Key.allCases)
  func resumptionOf13SavesNoRoundTripAndEarlyDataSaveOne(key: TLSPair.Key) throws {
    let pair = try TLSPair(key, .v13, takesEarlyData: true)
    for (start, trips) in [(TLSPair.Start.full, 2), (.resumed, 2), (.early, 1), (.early, 1)] {
      let (counted, response) = try connect(pair, start)
      #expect(counted == trips, "\(start)")
      #expect(response == (0..<64).map { UInt8($0) })
    }
  }

  @Test func resumptionOf12SavesARoundTrip() throws {
    let pair = try TLSPair(.p256, .v12)
    #expect(try connect(pair, .full).trips == 3)
    #expect(try connect(pair, .resumed).trips == 2)
  }

  @Test func nothingIsResumedWithoutASession() throws {
    let error = #expect(throws: TLSFault.self) { try connect(TLSPair(.p256, .v13), .resumed) }
    #expect("\(error!)" == "TLS: a session failed")
  }

  @Test func earlyDataAreRefusedByAServerThatDoesNotTakeThem() throws {
    let pair = try TLSPair(.p256, .v13)
    _ = try connect(pair, .full)
    #expect(throws: TLSFault.self) { try connect(pair, .early) }
  }
}
