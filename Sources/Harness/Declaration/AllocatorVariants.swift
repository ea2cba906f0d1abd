import Results

extension Variant {
  /// The same code under every allocator: the system's by the name given, then those of
  /// `Preloaded`, each in worker processes of its own.
  /// - Parameters:
  ///   - name: of the variant under the system's allocator, usually the baseline.
  ///   - yardstick: makes that one a reference of this kind.
  ///   - othersArePeers: whether the candidates are measured against them, or they are candidates.
  ///   - variables: what the others' workers have in their environment.
  ///   - otherName: of the variant under another allocator; the allocator's own unless stated.
  ///   - shows, prepare, report, run: as for any variant.
  public static func underEachAllocator<Input, Answer: ChecksumConvertible>(
    _ name: String, yardstick: YardstickKind? = nil, othersArePeers: Bool = true,
    variables: [String: String] = [:],
    otherName: (Preloaded) -> String = \.name, shows: [String],
    prepare: @escaping @Sendable (Point) throws -> Input,
    report: (@Sendable (Input) -> [String: Counter])? = nil,
    run: @escaping @Sendable (Input) -> Answer
  ) -> [Variant] {
    [
      Variant(
        name, yardstick: yardstick, shows: shows, prepare: prepare, report: report, run: run)
    ]
      + Preloaded.allCases.map { allocator in
        Variant(
          otherName(allocator), yardstick: othersArePeers ? .peer : nil, shows: shows,
          environment: Preloaded.environment(allocator, variables: variables),
          needs: Preloaded.needs(allocator), prepare: prepare, report: report, run: run)
      }
  }
}
