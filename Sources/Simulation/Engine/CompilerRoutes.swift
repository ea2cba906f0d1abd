extension Compiler {
  /// The index of a route's first step.
  mutating func node(_ route: Route) -> Int32 {
    switch route.step {
    case .tier(let tier, let inner, let work):
      let index = add(tier)
      let draw =
        work.map { work in
          once("work", work.name, work) { $0.service("work \(work.name)", work.duration) }
        } ?? tiers[Int(index)].service
      return add(.tier, below: inner.map { [$0] } ?? [], object: index, draw: draw)
    case .everyReplica(let tier):
      var placed = Node(kind: .tier, object: add(tier))
      placed.draw = tiers[Int(placed.object)].service
      placed.isPlaced = true
      nodes.append(placed)
      let step = Int32(nodes.count - 1)
      var node = Node(kind: .everyReplica, object: placed.object)
      (node.first, node.count) = (Int32(steps.count), 1)
      steps.append(step)
      nodes.append(node)
      return Int32(nodes.count - 1)
    case .delay(let duration, let name):
      return add(.delay, draw: stream("delay \(name)", duration))
    case .store(let store, let kind):
      let needed: Int32 =
        switch kind {
        case nil: 0
        case .read: 1
        case .write: 2
        }
      return add(.store, object: add(store), needed: needed)
    case .sequence(let routes): return add(.sequence, below: routes)
    case .fallback(let first, let other): return add(.fallback, below: [first, other])
    case .parallel(let routes, let needed, let others):
      return add(.parallel, below: routes, needed: Int32(needed), leftovers: others)
    case .choice(let shares, let routes, let name):
      choices.append(shares)
      return add(
        .choice, below: routes, object: Int32(choices.count - 1), draw: stream("choice \(name)"))
    case .again(let probability, let inner, let name):
      return add(.again, below: [inner], draw: stream("choice \(name)"), amount: probability)
    case .byKind(let reads, let writes): return add(.byKind, below: [reads, writes])
    default: return wrapper(route)
    }
  }

  /// Of what is around another step.
  private mutating func wrapper(_ route: Route) -> Int32 {
    switch route.step {
    case .link(let link, let inner):
      let draw = streams("link \(link.name)", [("latency", link.latency), ("loss", .none)])
      return add(.link, below: [inner], draw: draw, amount: link.loss)
    case .cache(let cache, let inner):
      return add(.cache, below: [inner], object: add(cache))
    case .timeout(let seconds, let inner, let work):
      return add(.timeout, below: [inner], leftovers: work, amount: seconds)
    case .hedge(let seconds, let inner, let loser):
      return add(.hedge, below: [inner], leftovers: loser, amount: seconds)
    case .retry(let retries, let inner, let name):
      let index = once("retries", name, retries) { compiler in
        compiler.budgets.append(retries.budget == .infinity ? .infinity : 10)
        compiler.growths.append(retries.growth)
        return Int32(compiler.budgets.count - 1)
      }
      return add(
        .retry, below: [inner], object: index, draw: stream("retries \(name)", retries.backoff),
        needed: Int32(clamping: retries.most), amount: retries.budget)
    case .breaker(let breaker, let inner):
      let index = once("breaker", breaker.name, breaker) { compiler in
        compiler.breakers.append(
          BreakerState(
            share: breaker.share, window: Int32(clamping: breaker.window), rest: breaker.rest))
        return Int32(compiler.breakers.count - 1)
      }
      return add(.breaker, below: [inner], object: index)
    case .background(let inner): return add(.background, below: [inner])
    default: preconditionFailure("every step has a case")
    }
  }

  private mutating func add(
    _ kind: Node.Kind, below routes: [Route] = [], object: Int32 = 0, draw: Int32 = 0,
    needed: Int32 = 0, leftovers: Leftovers = .kept, amount: Double = 0
  ) -> Int32 {
    let below = routes.map { node($0) }
    var made = Node(kind: kind, object: object, draw: draw, needed: needed, amount: amount)
    made.leftovers = leftovers
    (made.first, made.count) = (Int32(steps.count), Int32(below.count))
    steps += below
    nodes.append(made)
    return Int32(nodes.count - 1)
  }

  private mutating func add(_ cache: Cache) -> Int32 {
    once("cache", cache.name, cache) { compiler in
      var lifetime = Double.infinity
      if case .expiring(let after) = cache.policy { lifetime = after.inSeconds }
      let copies = cache.isPerReplica ? compiler.mostReplicas : 1
      let entries = UnsafeMutablePointer<CacheEntry>.allocate(
        capacity: copies * compiler.keySpace)
      entries.initialize(repeating: CacheEntry(), count: copies * compiler.keySpace)
      let ends = UnsafeMutablePointer<CacheEnds>.allocate(capacity: copies)
      ends.initialize(repeating: CacheEnds(), count: copies)
      let hit = compiler.stream("cache \(cache.name)", cache.hit)
      compiler.cacheNames.append(cache.name)
      compiler.caches.append(
        CacheState(
          keys: compiler.keySpace, slots: Int32(clamping: cache.slots), copies: copies,
          lifetime: lifetime, hit: hit, isPerReplica: cache.isPerReplica,
          coalesces: cache.coalesces, entries: entries, ends: ends, emptied: cache.emptied))
      return Int32(compiler.caches.count - 1)
    }
  }

  private mutating func add(_ store: Store) -> Int32 {
    once("store", store.name, store) { compiler in
      func zeros(_ count: Int) -> UnsafeMutablePointer<Int32> {
        let values = UnsafeMutablePointer<Int32>.allocate(capacity: count)
        values.initialize(repeating: 0, count: count)
        return values
      }
      let latency = store.latency
      let draws = compiler.streams(
        "store \(store.name)",
        [
          ("write", latency.write), ("acknowledgement", latency.acknowledgement),
          ("read", latency.read), ("response", latency.response), ("choices", .none),
          ("between failures", store.failover?.between ?? .none),
          ("failover", store.failover?.takes ?? .none),
        ])
      compiler.storeNames.append(store.name)
      compiler.stores.append(
        StoreState(
          kind: store.kind, replicas: store.replicas, keys: compiler.keySpace, draws: draws,
          hasFailover: store.failover != nil, versions: zeros(compiler.keySpace * store.replicas),
          issued: zeros(compiler.keySpace), committed: zeros(compiler.keySpace)))
      return Int32(compiler.stores.count - 1)
    }
  }

  /// Of any tier: a cache a replica has so many copies. The tier that calls was added before it.
  private var mostReplicas: Int { tiers.map { Int($0.replicaCount) }.max() ?? 1 }
}
