import Testing

@testable import Assessment

@Suite struct ReaderTests {}
