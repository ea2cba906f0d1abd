extension Variant {
  /// The same code under every allocator: the system's by the name given, then, as references by
  /// their own names, those of `Preloaded`.
  /// - Parameters:
  ///   - name: of the variant under the system's allocator, usually the baseline.
  ///   - shows, prepare, run: as for any variant.
  public static func underEachAllocator<Input, Answer: ChecksumConvertible>(
    _ name: String, shows: [String],
    prepare: @escaping @Sendable (Point) throws -> Input,
    run: @escaping @Sendable (Input) -> Answer
  ) -> [Variant] {
    [Variant(name, shows: shows, prepare: prepare, run: run)]
      + Preloaded.allCases.map { allocator in
        Variant(
          allocator.name, isReference: true, shows: shows,
          environment: Preloaded.environment(allocator), needs: Preloaded.needs(allocator),
          prepare: prepare, run: run)
      }
  }
}
