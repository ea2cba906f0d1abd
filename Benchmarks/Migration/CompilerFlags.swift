import Harness
import Results

extension Experiment {
  /// One source, compiled in five ways.
  static let compilerFlags = Experiment(
    id: "migration/compiler-flags",
    title: "One service, five builds: debug, -O → whole module, native, static",
    slot: "migration/performance/stack",
    claim: """
      Optimised file by file, generic code that is called across files stays generic, so that `-O` \
      alone leaves a large part of the gain to whole-module optimisation, and most of it for short \
      responses. The processor's own instruction set then changes the requests per second by next \
      to nothing; static linking saves up to a fifth, and a part of the start, for a program that \
      is two hundred times as large.
      """,
    mechanism: """
      Four files of Swift without libraries, compiled here by `swiftc`, serve requests over pipes, \
      64 sent at once: a line is parsed (method, path, escapes), {point} are looked up by binary \
      search and written as JSON. Without optimisation each access to an array is a call with \
      checks. File by file, the compiler sees of `Sink.put` in another file only that it exists: \
      every byte is a call through a witness table. As one module it specialises it, inlines it and \
      removes the bounds checks that it can prove. What is left is a byte at a time, with branches: \
      wider vectors have nothing to do. Statically linked, the calls into the standard library go \
      without a table, and the loader has less to do at the start. Responses are compared to the \
      byte.
      """,
    limits: """
      Numbers in arrays gain from the instruction set (`cpu/simd-dot-product`), and a binary for it \
      stops with an illegal instruction on an older processor. A static binary gets fixes of the \
      runtime only by a new build. SwiftPM's release builds are whole-module ones already: who \
      calls `swiftc` or has a build system of their own should look. `@inlinable` does for \
      libraries what whole-module optimisation can't, across modules. What one request costs is \
      measured by itself with 2 products and with 12; the prediction is that line.
      """,
    diagram: """
      flowchart LR
        s["four files, {point}"]
        s --> d["-Onone: {debug}"]
        s --> o["-O: {-O}"]
        s --> w["-O -wmo: {whole module}"]
        s --> n["-march=native: {native}"]
        s --> t["-static-stdlib: {static}"]
        d -- "{speedup}" --> w
      """,
    sweep: .count(
      "products", [1, 10, 100], smoke: 1, label: { $0 == 1 ? "1 product" : "\($0) products" }),
    signals: ["start to first response", "bytes of the program", "time to compile"],
    needs: [
      .cores(2), .program("swiftc", package: "swift"), .storage(bytes: CompiledServer.bytes),
    ],
    tolerates: [.preempted, .shared],
    work: { _ in Work(elements: Double(CompiledServer.requests), each: "request") },
    variants: [
      variant("debug", shows: "debug", debug), variant("-O", shows: "optimised", optimised),
      variant("whole module", shows: "wholeModule", wholeModule),
      variant("native", shows: "native", native),
      variant("static", shows: "linkedStatically", linkedStatically),
    ],
    demands: Demands { point in
      let builds = [
        "debug": debug(), "-O": optimised(), "whole module": wholeModule(), "native": native(),
        "static": linkedStatically(),
      ]
      var demands: [String: Double] = [:]
      for (name, flags) in builds {
        let (request, product) = try CompiledServer(point, flags).lineOfTimes()
        demands["\(name), a request"] = request
        demands["\(name), a product"] = product
      }
      return demands
    },
    headline: DeclaredHeadline(value: 10, variant: "whole module"),
    model: { question in
      guard let request = question.demand("\(question.variant), a request"),
        let product = question.demand("\(question.variant), a product")
      else { return nil }
      return Model(
        request.named("request") + (Double(question.value) * product).named("products"))
    })
}

private func variant(
  _ name: String, shows: String, _ flags: @escaping @Sendable () -> [String]
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try CompiledServer($0, flags()) }, report: { $0.report },
    run: { server in orEnd { try server.serve() } })
}

@Sendable private func debug() -> [String] { ["-Onone"] }
@Sendable private func optimised() -> [String] { ["-O"] }
@Sendable private func wholeModule() -> [String] { ["-O", "-wmo"] }

@Sendable private func native() -> [String] {
  #if arch(x86_64)
    ["-O", "-wmo", "-Xcc", "-march=native"]
  #else
    ["-O", "-wmo", "-Xcc", "-mcpu=native"]
  #endif
}

@Sendable private func linkedStatically() -> [String] { ["-O", "-wmo", "-static-stdlib"] }
