import Harness
import Results

extension Experiment {
  /// A module of a monolith that becomes a service.
  static let callTax = Experiment(
    id: "scale/call-tax",
    title: "A call in the process → the same call to a service",
    slot: "scale/100k/microservices",
    claim: """
      A call to a service on the same machine costs as much as scoring thousands of products in \
      the process; most of it is not the network but two wake-ups and, with Foundation's JSON, the \
      codec. Only a call that computes for milliseconds hides it.
      """,
    mechanism: """
      In the process a call is a few nanoseconds beside its work; that each one is timed, for the \
      p99, costs more than that, and more than to score ten products. Over a connection it is two \
      system calls on each side, two threads that wake each other, and a message that is written \
      and read on both sides. The tax is the same for any work, so that the slowdown is 1 + tax ÷ \
      work. It is paid for each call: a page that asks twenty times pays it twenty times.
      """,
    limits: """
      Loopback has no distance: a zone adds some 0.5 ms, of which none is CPU. One caller waits \
      for each answer, so that both processors idle by turns; many callers at once amortise the \
      wake-ups. TLS, tracing, balancing and retries come on top. What is bought for it \
      (deployments, scaling and failures of their own) is not in this figure.
      """,
    diagram: """
      flowchart LR
        subgraph before["in process: {in process}"]
          p0["page"] -- "a call" --> m0["recommendations, {point}"]
        end
        bytes["service, fixed bytes: {service, fixed bytes}"]
        subgraph after["service, JSON: {service, JSON}"]
          p1["page"] -- "JSON" --> k1["two sockets"] --> m1["recommendations, {point}"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "products scored", [10, 1_000, 100_000], smoke: 10, label: { "\($0) products" }),
    signals: ["processor time per call", "p99 of a call"],
    needs: [.cores(2)],
    tolerates: [.preempted],
    work: { Work(elements: Double(RecommendingPage.calls(of: $0)), each: "call") },
    variants: [
      Variant(
        "in process", shows: ["askInProcess"], prepare: { RecommendingPage($0, nil) },
        report: { $0.report },
        run: { page in page.show { askInProcess(page, $0) } }),
      overSocket("service, fixed bytes", .fixed), overSocket("service, JSON", .json),
    ],
    demands: Demands { point in
      let page = RecommendingPage(point, .fixed)
      func wish(_ customer: Int, _ products: Int) -> Wish {
        Wish(customer: customer, products: products)
      }
      let text = MessageForm.json.bytes(wish(7, point.value))
      let answer = MessageForm.json.bytes(page.module.best(for: wish(7, point.value)))
      return [
        "the work": page.time { page.module.best(for: wish($0, point.value)).score },
        "a round trip": page.time { page.call(MessageForm.fixed.bytes(wish($0, 1))).count },
        "JSON": page.time {
          MessageForm.json.bytes(wish($0, point.value)).count
            &+ MessageForm.json.wish(text).products &+ MessageForm.json.suggestion(answer).score
            &+ MessageForm.json.bytes(Suggestion(product: $0, score: 7_000)).count
        },
      ]
    },
    headline: DeclaredHeadline(value: 1_000, variant: "service, JSON"),
    model: { question throws(MissingNumber) in
      guard let work = question.demand("the work"), let trip = question.demand("a round trip"),
        let json = question.demand("JSON")
      else { return nil }
      let timed = (2 * (try question.time("clock.read"))).named("timing the call")
      if question.isBaseline { return Model(work + timed) }
      let call = work + timed + trip
      return question.variant == "service, JSON" ? Model(call + json) : Model(call)
    })
}

private func askInProcess(_ page: RecommendingPage, _ wish: Wish) -> Suggestion {
  page.module.best(for: wish)
}

private func askService(_ page: RecommendingPage, _ wish: Wish, _ form: MessageForm) -> Suggestion {
  form.suggestion(page.call(form.bytes(wish)))
}

private func overSocket(_ name: String, _ form: MessageForm) -> Variant {
  Variant(
    name, shows: ["askService"], prepare: { RecommendingPage($0, form) }, report: { $0.report },
    run: { page in page.show { askService(page, $0, form) } })
}
