import Glibc

/// Makes the records of many threads durable with few flushes. The first thread that finds no flush
/// under way becomes the leader: it takes all records that have come so far and flushes them
/// together; those that come meanwhile wait for the next leader.
///
///     let log = GroupCommit { batch throws(DiskError) in
///       try file.write(batch, at: end)
///       try file.flush()
///     }
///     try log.commit(record)  // from any thread; returns when the record is durable
///
/// After a flush that failed nothing is known of what is on the disk: that commit and all later
/// ones fail with its error (fsync(2) reports an error once, and the kernel then forgets the pages).
///
/// Source: DeWitt et al., *Implementation Techniques for Main Memory Database Systems*, SIGMOD 1984.
public final class GroupCommit<Failure: Error>: @unchecked Sendable {
  // SAFETY (@unchecked): all that changes is used under the mutex, or by the one leader.

  private let flush: (UnsafeRawBufferPointer) throws(Failure) -> Void
  private let linger: UInt32
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  /// For the followers of even and of odd batches, so that a flush wakes no one else's.
  private let conditions: UnsafeMutablePointer<pthread_cond_t>

  private var filling: [UInt8] = []
  private var flushing: [UInt8] = []
  /// Of the batch that is being filled, from 1.
  private var batch = 1
  private var durable = 0
  private var isLed = false
  private var failure: Failure?
  private var commits = 0

  /// - Parameters:
  ///   - linger: microseconds for which a leader waits for more records before it flushes.
  ///   - flush: writes a batch and returns when it is durable. Called by one thread at a time.
  public init(
    linger: Int = 0, flush: @escaping @Sendable (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) {
    self.linger = UInt32(clamping: linger)
    self.flush = flush
    mutex = .allocate(capacity: 1)
    conditions = .allocate(capacity: 2)
    pthread_mutex_init(mutex, nil)
    for parity in 0..<2 { pthread_cond_init(conditions + parity, nil) }
  }

  deinit {
    for parity in 0..<2 { pthread_cond_destroy(conditions + parity) }
    pthread_mutex_destroy(mutex)
    conditions.deallocate()
    mutex.deallocate()
  }

  /// Records, and flushes that made them durable, since the beginning.
  public var counts: (commits: Int, flushes: Int) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return (commits, durable)
  }

  /// Appends a record and returns when it is durable.
  /// - Throws: the error of the flush that failed, of this batch or an earlier one.
  public func commit(_ record: UnsafeRawBufferPointer) throws(Failure) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    filling.append(contentsOf: record)
    let own = batch
    while durable < own, failure == nil {
      if isLed {
        pthread_cond_wait(conditions + own % 2, mutex)
      } else {
        lead()
      }
    }
    // Every commit of a failed batch, and all that come later.
    if durable < own, let failure { throw failure }
    commits += 1
  }

  /// Flushes what has come. The mutex is held, except while others may add to it or the device works.
  private func lead() {
    isLed = true
    if linger > 0 {
      pthread_mutex_unlock(mutex)
      usleep(linger)
      pthread_mutex_lock(mutex)
    }
    swap(&filling, &flushing)
    let own = batch
    batch += 1
    pthread_mutex_unlock(mutex)
    let refused = flushing.withUnsafeBytes { bytes -> Failure? in
      do throws(Failure) {
        try flush(bytes)
        return nil
      } catch { return error }
    }
    pthread_mutex_lock(mutex)
    flushing.removeAll(keepingCapacity: true)
    if let refused { failure = refused } else { durable = own }
    isLed = false
    pthread_cond_broadcast(conditions + own % 2)
    // One of the next batch leads; if there is none yet, the next that comes does.
    if failure == nil {
      pthread_cond_signal(conditions + batch % 2)
    } else {
      pthread_cond_broadcast(conditions + batch % 2)
    }
  }
}
