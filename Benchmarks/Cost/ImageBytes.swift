import Harness
import Results

extension Experiment {
  /// Pictures as they were uploaded, as large as they are shown, and in a newer format.
  static let imageBytes = Experiment(
    cost: "image-bytes", "network/cdn",
    title: "Pictures as uploaded → as large as they are shown, then in a newer format",
    claim: """
      A picture that is sent as large as it is shown saves nine tenths of its bytes from the first \
      view on. A newer format on top of that takes many times the processor time: it pays from few \
      views on, and by far less than the first step.
      """,
    mechanism: """
      A camera's 12 megapixels shown at a third each way are a ninth of the pixels. Decoding, \
      shrinking and encoding take a fraction of a second of a core once, and are paid back by the \
      egress of the first views. WebP at the same structural similarity (SSIM) as JPEG 80 saves \
      further bytes; its encoder searches where JPEG's only transforms. Bytes and times are measured \
      on a seeded photo with grain. Its grain is what no format compresses.
      """,
    limits: """
      Photos differ: Google reports 25% to 34% fewer bytes for WebP at equal SSIM on its collections, \
      and flat drawings save more. Old receivers need JPEG as well, which is stored beside it. The \
      user's own seconds are not counted, and weigh most on slow links. A picture that is shown at \
      several sizes is encoded for each. AVIF is smaller again, and slower by more.
      """,
    diagram: """
      flowchart LR
        subgraph before["as uploaded: {as uploaded}"]
          u0["12 megapixels"] -- "{point}" --> v0["users"]
        end
        jpeg["sized, JPEG: {sized, JPEG}"]
        subgraph after["sized, WebP: {sized, WebP}"]
          u1["12 megapixels"] --> c1["shrink, encode once"] -- "{point}" --> v1["users"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "views of a picture", [1, 10, 100, 1_000, 10_000], smoke: 10,
      label: { $0 == 1 ? "1 view" : "\($0) views" }),
    rule: RuleOfThumb(
      "the newer format saves a quarter of the bytes", source: "WebP Compression Study, Google"),
    options: [
      option("as uploaded", code: "asUploaded", bill: asUploaded),
      option("sized, JPEG", code: "sized", bill: sized("jpeg")),
      option("sized, WebP", code: "sized", bill: sized("webp")),
    ])
}

/// Ten thousand pictures a month of 12 megapixels, three bytes each.
private let pixels = Size.exactly(1e4 * 12e6 * 3)

private func egress(_ bytes: Size) throws(MissingNumber) -> Bill {
  (try Provider.aws.price("egress.10tb") * bytes.moved).named("egress")
}

private func asUploaded(_ views: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let bytes = pixels / (try question.ratio("picture.upload.ratio"))
  return try egress(views * bytes)
    + (Provider.aws.price("storage.standard") * bytes.kept).named("storage")
}

private func sized(
  _ format: String
) -> @Sendable (Double, Question) throws(MissingNumber) -> Bill {
  { views, question throws(MissingNumber) in try sized(format, views, question) }
}

/// The original is kept as well.
private func sized(
  _ format: String, _ views: Double, _ question: Question
) throws(MissingNumber) -> Bill {
  let original = pixels / (try question.ratio("picture.upload.ratio"))
  let small = pixels / 9
  let bytes = small / (try question.ratio("picture.\(format).ratio"))
  let work =
    pixels / (try question.bandwidth("picture.decode"))
    + pixels / (try question.bandwidth("picture.shrink"))
    + small / (try question.bandwidth("picture.\(format)"))
  return try egress(views * bytes) + cores(work).named("decoding, shrinking, encoding")
    + (Provider.aws.price("storage.standard") * (original + bytes).kept).named("storage")
}
