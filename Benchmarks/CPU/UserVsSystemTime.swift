import Glibc
import Harness
import Results

extension Experiment {
  /// Output handed to the kernel byte by byte and in buffers.
  static let userVsSystemTime = Experiment(
    id: "cpu/user-vs-system-time",
    title: "Writing output: a system call a byte → a call a buffer",
    slot: "performance/cpu/detection",
    claim: """
      A program that writes small pieces spends nearly all its time in the kernel; gathering b \
      bytes before each write makes it almost b times faster, until the work on the bytes \
      themselves is what remains, after a few hundred bytes.
      """,
    mechanism: """
      Each `write` enters the kernel and leaves it, looks up the file and checks the arguments, \
      whatever the number of bytes. Without a buffer that is done for every byte; with one, a byte \
      costs a store, a comparison, and the array's checks that its memory is its own and has \
      room, and the call is shared. What gives it away is the \
      time the process spends in the kernel (`system time`) beside that in its own code.
      """,
    limits: """
      What is in the buffer is lost if the process dies, and a reader waits until it is flushed: \
      an interactive prompt or a log of a crash must be written at once. Beyond the size at which \
      the call's share is small a larger buffer only takes room in the cache.
      """,
    diagram: """
      flowchart LR
        subgraph before["write each byte: {write each byte}"]
          direction LR
          p0["program"] -- "1 byte" --> k0["kernel"]
          k0 --> p0
        end
        subgraph after["write each buffer: {write each buffer}"]
          direction LR
          p1["program"] -- "store" --> b1["buffer"] -- "{point} bytes" --> k1["kernel"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes("buffer", [4, 16, 64, 1 << 10, 16 << 10], smoke: 16),
    signals: ["system time", "user time"],
    work: { _ in Work(elements: Double(messageBytes), bytes: Double(messageBytes)) },
    variants: [
      Variant(
        "write each byte", shows: ["writeEachByte"], needs: [null],
        prepare: { Output($0) },
        run: { output in writeEachByte(output.message, to: output.file) }),
      Variant(
        "write each buffer", shows: ["writeEachBuffer"], needs: [null],
        prepare: { Output($0) },
        run: { output in writeEachBuffer(output.message, of: output.size, to: output.file) }),
    ],
    predict: { question throws(MissingNumber) in
      let call = try question.number("syscall")
      let size = Double(question.value)
      // 38 instructions, counted in the machine code: the array's count, room and place are loaded,
      // compared and stored, and a call asks whether its memory is its own. Six comparisons are one
      // operation each with their branch.
      let byte = try question.instructions(32)
      let buffered = call / size + byte
      return Prediction(
        speedup: (call + byte) / buffered,
        because: """
          A byte costs one system call of \(call.brief) ns, or its share of one, \
          \((call / size).brief) ns, and the 32 operations that put it into the array: \
          \(byte.brief) ns.
          """)
    })
}

private let null = Requirement.file("/dev/null", purpose: "a file that takes everything")
private let messageBytes = 16 << 10

private final class Output {
  let message: [UInt8]
  let size: Int
  let file: Int32

  init(_ point: Point) {
    var random = point.generator()
    message = (0..<messageBytes).map { _ in .random(in: 0...255, using: &random) }
    size = point.value
    file = open("/dev/null", O_WRONLY | O_CLOEXEC)
  }

  deinit { close(file) }
}

/// The number of bytes that were taken, and their sum.
@inline(never)
private func writeEachByte(_ message: [UInt8], to file: Int32) -> Int {
  var sum = 0
  for var byte in message {
    sum &+= write(file, &byte, 1) &* Int(byte)
  }
  return sum
}

@inline(never)
private func writeEachBuffer(_ message: [UInt8], of size: Int, to file: Int32) -> Int {
  var sum = 0
  var buffer: [UInt8] = []
  buffer.reserveCapacity(size)
  func flush() {
    guard write(file, buffer, buffer.count) == buffer.count else { return sum = -1 }
    buffer.removeAll(keepingCapacity: true)
  }
  for byte in message {
    sum &+= Int(byte)
    buffer.append(byte)
    if buffer.count == size { flush() }
  }
  if !buffer.isEmpty { flush() }
  return sum
}
