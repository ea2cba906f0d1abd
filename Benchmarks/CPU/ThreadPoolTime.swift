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
  // Its last release frees a closure; its task adds to the sum.
  let atomic = try question.time("atomic.add")
  let closure = try question.time("malloc.free.64") + 2 * atomic
  // A task is stored under the lock, and announced by an exchange.
  let queue = try question.time("mutex") + atomic + question.time("atomic.cas")
  let line = try question.cacheLineTransfer()
  let moves = ((4.25 - 1 / processors) * line).named(
    "cache-line transfers",
    because: """
      The queue's head and tail, a quarter of a line of its slots, and the sum move to the core \
      that takes the task; so does the closure, unless that is the submitter's.
      """)
  // Each of these lines is with one core at a time.
  return work + closure.named("closures") / processors + queue.named("queue") / processors
    + longest(moves / processors, line.named("head of the queue"))
}
