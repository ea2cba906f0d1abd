import CPerflab
import Synchronization

extension WorkStealingPool {
  /// The thread that a branch runs on. Handed to each branch, and valid only in it.
  @frozen
  public struct Worker: ~Copyable {
    // Two words, so that a borrowed worker travels in two registers. The function pointer of a
    // job is called with just these two: see `perflab_closure_call`.
    @usableFromInline let state: UnsafeMutablePointer<WorkerState>
    /// The youngest job of this thread: the one that the next fork is linked behind.
    @usableFromInline let tail: UnsafeMutablePointer<Job>

    @inlinable
    init(state: UnsafeMutablePointer<WorkerState>, tail: UnsafeMutablePointer<Job>) {
      self.state = state
      self.tail = tail
    }

    /// Runs `a` and `b`, `b` on another worker if one is idle, and returns when both are done.
    ///
    /// Both always run to their end, also where `a` throws, so that what happens does not hang on
    /// who was idle. No allocation, no lock; a job on the stack costs about 64 bytes.
    /// - Throws: what `a` throws, or else what `b` throws.
    @inlinable @inline(__always)
    public func join<A, B: Sendable, Failure: Error>(
      _ a: @Sendable (borrowing Worker) throws(Failure) -> A,
      _ b: @Sendable (borrowing Worker) throws(Failure) -> B
    ) throws(Failure) -> (A, B) {
      var elsewhere: Result<B, Failure>? = nil
      var first: Result<A, Failure>? = nil
      let ranElsewhere = note({ (worker: borrowing Worker) in
        do throws(Failure) { elsewhere = .success(try b(worker)) } catch {
          elsewhere = .failure(error)
        }
      }) { worker in
        do throws(Failure) { first = .success(try a(worker)) } catch { first = .failure(error) }
      }
      if ranElsewhere {
        // Another thread wrote the result, which the compiler cannot know.
        withUnsafeMutablePointer(to: &elsewhere) { perflab_escape($0) }
        return (try first!.get(), try elsewhere!.get())
      }
      let second: Result<B, Failure>
      do throws(Failure) { second = .success(try b(self)) } catch { second = .failure(error) }
      return (try first!.get(), try second.get())
    }

    /// Offers `later` to the other workers while `now` runs. Returns whether one has run it; if
    /// not, it has not begun.
    @inlinable @inline(__always)
    func note(
      _ later: (borrowing Worker) -> Void, while now: (borrowing Worker) -> Void
    ) -> Bool {
      var record = Job()
      // SAFETY: the record and what `later` captures live in frames that are not left before
      // `settle` has made sure that no other thread can reach them. `later` is a parameter of this
      // function, so that its captures live at least as long as the call.
      return withUnsafeMutablePointer(to: &record) { job in
        capture(later, &job.pointee.closure)
        tail.pointee.next = job
        if state.pointee.wanted.load(ordering: .relaxed) { shareOldest(state) }
        now(Worker(state: state, tail: job))
        return state.pointee.boundary == job && settle(job, state, tail)
      }
    }
  }
}

/// A branch that has been noted and not yet begun, in the frame that forked it.
@usableFromInline
struct Job: ~Copyable {
  @usableFromInline var closure = perflab_closure()
  /// The next younger job of the same thread. Only that thread uses it.
  @usableFromInline var next: UnsafeMutablePointer<Job>?
  /// How far its thief has come with it, once it has been shared.
  @usableFromInline let progress = Atomic<UInt32>(0)

  @inlinable
  init() {}
}

/// Takes a closure apart into its two words, which Swift has no way to say.
@_silgen_name("perflab_closure_capture") @usableFromInline
func capture(
  _ body: (borrowing WorkStealingPool.Worker) -> Void, _ out: UnsafeMutablePointer<perflab_closure>)

/// The slow half of a fork: an idle worker has asked for a job.
@usableFromInline @inline(never)
func shareOldest(_ state: UnsafeMutablePointer<WorkerState>) {
  state.pointee.core._withUnsafeGuaranteedRef { $0.share(state) }
}

/// The slow half of a join: the job has been shared. Returns whether a thief ran it.
@usableFromInline @inline(never)
func settle(
  _ job: UnsafeMutablePointer<Job>, _ state: UnsafeMutablePointer<WorkerState>,
  _ tail: UnsafeMutablePointer<Job>
) -> Bool {
  let ranElsewhere = state.pointee.core._withUnsafeGuaranteedRef { $0.settle(job, state) }
  // The oldest is shared first, so what is older than this job has been shared as well.
  state.pointee.boundary = tail
  return ranElsewhere
}
