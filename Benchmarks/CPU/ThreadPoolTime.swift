import Harness

/// The model of tasks in threads of their own and in a pool: time per task, of so many.
func taskTime(_ question: Question, of tasks: Int) throws(MissingNumber) -> Time {
  // Two dependent operations per addition.
  let task = Double(question.value) * 2 * (try question.time("add.integer.latency"))
  let processors = Double(question.machine.threads)
  let rounds = (Double(tasks) / processors).rounded(.up)
  let work = (rounds / Double(tasks) * task).named("tasks on all processors")
  if question.isBaseline {
    let thread = try question.time("thread.create.two").named(
      "creating and joining threads",
      because: "The creator and the new thread keep both processors busy.")
    return thread + work
  }
  // A closure holds a reference to the sum.
  let closure = try question.time("malloc.free.64") + question.time("retain.release")
  let queue = try question.time("mutex") + question.time("atomic.cas")
  let line = try question.cacheLineTransfer()
  let moves = ((4 - 1 / processors) * line).named(
    "cache-line transfers",
    because: """
      The queue's head, the sum and its reference count move to the core that takes the task; so \
      does the closure, unless that is the submitter's.
      """)
  // Each of these lines is with one core at a time.
  return work + closure.named("closures") / processors + queue.named("queue") / processors
    + longest(moves / processors, line.named("head of the queue"))
}
