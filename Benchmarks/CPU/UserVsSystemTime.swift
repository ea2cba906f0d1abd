import Glibc
import Harness
import Results

extension Experiment {
  /// Output written to the kernel byte by byte and in buffers.
  static let userVsSystemTime = Experiment(
    id: "cpu/user-vs-system-time",
    title: "Writing output: one system call per byte → one per buffer",
    slot: "performance/cpu/detection",
    claim: """
      A program that emits single bytes is almost b times faster if it collects b bytes before \
      each `write`; from a few hundred bytes on, the work on the bytes themselves dominates and a \
      larger buffer gains little.
      """,
    mechanism: """
      Each `write` enters the kernel, looks up the file and checks the arguments, however few \
      bytes it carries. Without a buffer, every byte pays for that. With one, b bytes share the \
      call, and each costs a store and the array's checks of uniqueness and capacity. The symptom \
      is a process that spends more time in the kernel (`system time`) than in its own code.
      """,
    limits: """
      Bytes in the buffer are lost if the process dies, and a reader waits until they are flushed. \
      A prompt or a crash log must therefore be written at once. Once the system call is a small \
      share of the time, a larger buffer only occupies cache.
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
          p1["program"] -- "store" --> b1["buffer"] -- "{point}" --> k1["kernel"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes("buffer", [4, 16, 64, 1 << 10, 16 << 10], smoke: 16),
    signals: ["system time", "user time"],
    work: { _ in Work(elements: Double(messageBytes), each: "byte", bytes: Double(messageBytes)) },
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
    model: { question throws(MissingNumber) in
      let call = try question.time("syscall").named("system calls")
      // 38 instructions, counted in the machine code: the array's count, capacity and address are
      // loaded, compared and stored, and a call asks whether its memory is uniquely referenced. Six
      // comparisons fuse with their branches.
      let byte = try question.instructions(32).named("instructions per byte")
      return Model(question.isBaseline ? call + byte : call / Double(question.value) + byte)
    })
}

private let null = Requirement.file("/dev/null", purpose: "a file that accepts everything")
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

/// The sum of the bytes that the kernel accepted.
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
