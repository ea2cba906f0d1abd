import CTLS
import Harness
import Results

/// What encryption costs: the cipher of TLS and of disks, in messages of a TLS record's size.
enum Encryption {
  private static let record = 16 << 10

  static let probes = [
    Probe(
      "aes.gcm", group: "TLS", title: "AES-128-GCM: encryption", unit: .bytesPerSecond,
      method: "EVP_EncryptUpdate of 16 KiB, with a tag (OpenSSL)", value: 4, smoke: 1,
      reading: { .rate(Double($0 * record)) },
      variant: Variant(
        "aes.gcm", shows: [],
        prepare: { point -> Messages in
          let messages = Messages(count: point.value)
          guard messages.encrypt() == point.value else {
            throw ProbeUnavailable("OpenSSL refuses AES-128-GCM")
          }
          return messages
        },
        run: { $0.encrypt() }))
  ]

  private final class Messages {
    private let count: Int
    private let clear = [UInt8](repeating: 7, count: record)
    private var encrypted = [UInt8](repeating: 0, count: record)

    init(count: Int) { self.count = count }

    func encrypt() -> Int {
      Int(perflab_tls_encrypt(clear, &encrypted, Int32(record), Int32(count)))
    }
  }
}
