import Statistics

/// A source during a run.
struct SourceState {
  enum Kind: UInt8 { case independent, closed, modulated, varying, recorded }

  let kind: Kind
  let node: Int32
  /// The streams of gaps or think times, of keys, of kinds, and of changes of the rate.
  let draw: Int32
  let writes: Double
  let priority: UInt8
  /// Which sampler of keys, if there are keys.
  let keys: Int32
  /// Modulated arrivals: the phase; recorded ones: the next.
  var place = 0
  var phaseEnd = 0.0
  var counts = SourceCounts()
}

/// What is counted of a source, from the end of the warm-up on.
struct SourceCounts {
  var arrived = 0
  /// Successes of those that are measured, and of all.
  var succeeded = 0
  var completed = 0
  var failed = 0
  var rejected = 0
  var timedOut = 0
  var dropped = 0
  var refused = 0
}

/// What is counted of a source in an interval of time.
struct SeriesCell {
  var arrived = 0
  var succeeded = 0
  var failed = 0
  var seconds = 0.0
}

extension Engine {
  mutating func open(source: Int) {
    if case .closed(let users, _) = setup.arrivals[source] {
      for _ in 0..<users {
        let think = draws[Int(sources[source].draw)].next(layers)
        calendar.schedule(.arrival, at: think, Int32(source), 0)
      }
    } else {
      expectArrival(source)
    }
  }

  /// A request comes.
  @inline(__always)
  mutating func arrive(_ source: Int) {
    if isClosing { return }
    if sources[source].kind != .closed { expectArrival(source) }
    let frame = allocate()
    var key: Int32 = 0
    if sources[source].keys >= 0 {
      key = setup.keys[Int(sources[source].keys)].draw(
        &draws[Int(sources[source].draw) + 1].generator)
    }
    var isWrite = false
    if sources[source].writes > 0 {
      let number = draws[Int(sources[source].draw) + 2].generator.uniform()
      isWrite = number < sources[source].writes
    }
    frames[Int(frame)] = Frame(
      node: UInt16(truncatingIfNeeded: sources[source].node),
      source: UInt16(truncatingIfNeeded: source), priority: sources[source].priority,
      isWrite: isWrite, generation: frames[Int(frame)].generation, key: key, started: now)
    sources[source].counts.arrived &+= 1
    inFlight &+= 1
    if sources[source].kind != .closed {
      let mixed = now.bitPattern ^ UInt64(truncatingIfNeeded: key)
      offered = ((offered << 5 | offered >> 59) ^ mixed) &* 0x9E37_79B9_7F4A_7C15
    }
    if interval > 0 { cell(source).pointee.arrived &+= 1 }
    enter(frame)
  }

  /// A request has ended.
  @inline(__always)
  mutating func complete(_ frame: Int32, _ ending: Ending) {
    let source = Int(frames[Int(frame)].source)
    let started = frames[Int(frame)].started
    inFlight &-= 1
    if ending == .success {
      sources[source].counts.completed &+= 1
      if started >= measuredFrom {
        histograms[source].record(now - started)
        sources[source].counts.succeeded &+= 1
      }
    } else {
      fail(source, ending, isMeasured: started >= measuredFrom)
    }
    if interval > 0 {
      if ending == .success {
        cell(source).pointee.succeeded &+= 1
        cell(source).pointee.seconds += now - started
      } else {
        cell(source).pointee.failed &+= 1
      }
    }
    if isClosing {
      isOver = inFlight == 0
    } else if sources[source].kind == .closed {
      let think = draws[Int(sources[source].draw)].next(layers)
      calendar.schedule(.arrival, at: now + think, Int32(truncatingIfNeeded: source), 0)
    }
  }

  private func cell(_ source: Int) -> UnsafeMutablePointer<SeriesCell> {
    let place = min(Int(now / interval), setup.intervals - 1)
    return setup.series.base + source * setup.intervals + place
  }

  @inline(never)
  private mutating func fail(_ source: Int, _ ending: Ending, isMeasured: Bool) {
    guard isMeasured else { return }
    switch ending {
    case .success: break
    case .failed: sources[source].counts.failed += 1
    case .rejected: sources[source].counts.rejected += 1
    case .timedOut: sources[source].counts.timedOut += 1
    case .dropped: sources[source].counts.dropped += 1
    case .refused: sources[source].counts.refused += 1
    }
  }

  /// Schedules the next arrival of an open source.
  @inline(__always)
  private mutating func expectArrival(_ source: Int) {
    if sources[source].kind == .independent {
      let gap = draws[Int(sources[source].draw)].next(layers)
      calendar.schedule(.arrival, at: now + gap, Int32(truncatingIfNeeded: source), 0)
    } else {
      expectOther(source)
    }
  }

  @inline(never)
  private mutating func expectOther(_ source: Int) {
    let next: Double?
    switch setup.arrivals[source] {
    case .poisson, .renewal, .closed: next = nil
    case .modulated(let phases): next = modulated(source, phases)
    case .varying(let points): next = varying(source, points)
    case .recorded(let times):
      let place = sources[source].place
      sources[source].place += 1
      next = place < times.count ? times[place].inSeconds : nil
    }
    if let next { calendar.schedule(.arrival, at: next, Int32(source), 0) }
  }

  /// An exponential gap has no memory, so that it may begin anew where the rate changes.
  private mutating func modulated(_ source: Int, _ phases: [Arrivals.Phase]) -> Double? {
    let (gaps, changes) = (Int(sources[source].draw), Int(sources[source].draw) + 3)
    guard phases.contains(where: { $0.rate > 0 }) else { return nil }
    if sources[source].phaseEnd == 0 {
      sources[source].phaseEnd =
        phases[0].seconds * draws[changes].generator.exponential(layers)
    }
    var time = now
    while true {
      let rate = phases[sources[source].place].rate
      if rate > 0 {
        let next = time + draws[gaps].generator.exponential(layers) / rate
        if next < sources[source].phaseEnd { return next }
      }
      time = sources[source].phaseEnd
      sources[source].place = (sources[source].place + 1) % phases.count
      let length =
        phases[sources[source].place].seconds * draws[changes].generator.exponential(layers)
      sources[source].phaseEnd += length
    }
  }

  /// Thinning: arrivals of the highest rate, of which each counts with the share that the rate has
  /// at its time.
  ///
  /// Source: Lewis and Shedler, *Simulation of Nonhomogeneous Poisson Processes by Thinning*, 1979.
  private mutating func varying(_ source: Int, _ points: [Arrivals.RatePoint]) -> Double? {
    let (gaps, changes) = (Int(sources[source].draw), Int(sources[source].draw) + 3)
    guard let most = points.map(\.rate).max(), most > 0 else { return nil }
    var time = now
    while true {
      time += draws[gaps].generator.exponential(layers) / most
      if time > setup.horizon { return nil }
      if draws[changes].generator.uniform() * most < rate(at: time, points) { return time }
    }
  }

  private func rate(at time: Double, _ points: [Arrivals.RatePoint]) -> Double {
    let period = points[points.count - 1].time
    let within = period > 0 ? time.truncatingRemainder(dividingBy: period) : 0
    guard let after = points.firstIndex(where: { $0.time > within }), after > 0 else {
      return points[0].rate
    }
    let (left, right) = (points[after - 1], points[after])
    let part = (within - left.time) / (right.time - left.time)
    return left.rate + part * (right.rate - left.rate)
  }
}
