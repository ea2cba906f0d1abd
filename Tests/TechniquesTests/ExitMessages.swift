import Testing

#if DEBUG
  /// Whether a process that ended as expected wrote this to its standard error.
  func said(_ words: String, by end: ExitTest.Result?) -> Bool {
    guard let end else { return false }
    return String(decoding: end.standardErrorContent, as: UTF8.self).contains(words)
  }
#endif
