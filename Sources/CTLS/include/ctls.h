/// TLS connections through memory, for what SwiftNIO's BoringSSL has no interface to: sessions.
/// Every name begins with `perflab_tls_`. Not for several threads at once.
#ifndef CTLS_H
#define CTLS_H

#include <stddef.h>

/// What certificates are signed with.
enum perflab_tls_key { PERFLAB_TLS_P256, PERFLAB_TLS_RSA2048 };

/// How a connection begins: with a certificate; with the session of the one before; with that
/// session and the request in the first flight.
enum perflab_tls_start { PERFLAB_TLS_FULL, PERFLAB_TLS_RESUMED, PERFLAB_TLS_EARLY };

/// A client and a server that know each other: the client trusts the authority that has signed the
/// server's certificate.
typedef struct perflab_tls perflab_tls;

/// What a connection has done.
typedef struct {
  /// From the client's first byte to the whole response.
  int round_trips;
  /// Both ways, until both sides have finished.
  long bytes;
} perflab_tls_report;

/// Makes keys and certificates where this process has none of the kind yet, and both sides.
/// `version` is 12 or 13; `takes_early` lets the server accept early data, for which it remembers
/// the sessions that were used. Returns null, and writes a reason, where OpenSSL refuses.
perflab_tls *perflab_tls_make(enum perflab_tls_key key, int version, int takes_early,
                              char *reason, size_t room);
void perflab_tls_free(perflab_tls *tls);

/// A connection: handshake, a request of `size` bytes, the same bytes as the response, end. Its
/// session is kept for the next. Returns null, or what went wrong.
const char *perflab_tls_connect(perflab_tls *tls, enum perflab_tls_start start,
                                const void *request, void *response, size_t size,
                                perflab_tls_report *report);

/// Signs a digest of 32 bytes `count` times with the key of a server. Returns how many signatures
/// there are.
int perflab_tls_sign(enum perflab_tls_key key, int count);
/// Verifies a signature of such a digest `count` times. Returns how many are right.
int perflab_tls_verify(enum perflab_tls_key key, int count);
/// Reads the server's certificate from its bytes and verifies it, `count` times: one signature of
/// the authority. Returns how many are right.
int perflab_tls_verify_certificate(enum perflab_tls_key key, int count);

/// Encrypts a message of `size` bytes with AES-128-GCM, `count` times, each with a number and a tag
/// of its own. Returns how many were encrypted.
int perflab_tls_encrypt(const unsigned char *from, unsigned char *to, int size, int count);

/// How tokens are signed: ECDSA on P-256, or HMAC with a secret that signer and verifier share, both
/// of SHA-256.
enum perflab_tls_token { PERFLAB_TOKEN_ES256, PERFLAB_TOKEN_HS256 };

/// Signs `size` bytes of text with the key of this process. Returns the bytes of the signature, at
/// most 64, or 0 where OpenSSL refuses.
int perflab_tls_token_sign(enum perflab_tls_token kind, const void *text, size_t size,
                           unsigned char *signature);
/// Whether a signature is that of the text.
int perflab_tls_token_verify(enum perflab_tls_token kind, const void *text, size_t size,
                             const unsigned char *signature, size_t length);

/// `OpenSSL 3.0.19 27 Jan 2026`
const char *perflab_tls_version(void);

#endif
