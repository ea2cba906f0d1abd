import CTLS
import Harness
import Results

/// Public-key operations of OpenSSL, and a TLS connection without them.
enum PublicKeys {
  private static let group = "TLS"

  static let probes =
    [("p256", "ECDSA P-256", PERFLAB_TLS_P256), ("rsa2048", "RSA 2048", PERFLAB_TLS_RSA2048)]
    .flatMap { name, title, key in
      return [
        probe("tls.sign.\(name)", "\(title): a signature", "EVP_PKEY_sign of a digest") {
          perflab_tls_sign(key, $0)
        },
        probe("tls.verify.\(name)", "\(title): a verification", "EVP_PKEY_verify") {
          perflab_tls_verify(key, $0)
        },
        probe(
          "tls.certificate.\(name)", "\(title): a certificate",
          "d2i_X509 and X509_verify_cert with the authority's certificate in the store"
        ) { perflab_tls_verify_certificate(key, $0) },
      ]
    } + [
      repeated(
        "tls.resumed", group: group, title: "A resumed TLS 1.3 connection, both sides",
        method: "handshake with a ticket, 64 B and 64 B back, on one thread through memory",
        count: 4, smoke: 1, prepare: { _ in try Resumed() },
        run: { connections, count in
          for _ in 0..<count { connections.connect(PERFLAB_TLS_RESUMED) }
          return count
        })
    ]

  private static func probe(
    _ name: String, _ title: String, _ method: String,
    run: @escaping @Sendable (Int32) -> Int32
  ) -> Probe {
    repeated(
      name, group: group, title: title, method: "\(method) (OpenSSL)", count: 8, smoke: 1,
      prepare: { _ in
        guard run(1) == 1 else { throw ProbeUnavailable("OpenSSL refuses it") }
        return 0
      },
      run: { _, count in Int(run(Int32(count))) })
  }

  private final class Resumed {
    private let tls: OpaquePointer
    private var request = [UInt8](repeating: 1, count: 64)
    private var response = [UInt8](repeating: 0, count: 64)

    init() throws(ProbeUnavailable) {
      var reason = [CChar](repeating: 0, count: 128)
      guard let made = perflab_tls_make(PERFLAB_TLS_P256, 13, 0, &reason, reason.count) else {
        throw ProbeUnavailable("OpenSSL refuses TLS 1.3")
      }
      tls = made
      connect(PERFLAB_TLS_FULL)
    }

    deinit { perflab_tls_free(tls) }

    func connect(_ start: perflab_tls_start) {
      var report = perflab_tls_report()
      _ = perflab_tls_connect(tls, start, &request, &response, request.count, &report)
    }
  }
}
