#include <openssl/evp.h>
#include <openssl/x509_vfy.h>

#include "authority.h"

static unsigned char digest[32] = {1, 2, 3};

static EVP_PKEY_CTX *context_of(enum perflab_tls_key kind, int (*begin)(EVP_PKEY_CTX *)) {
  const identity *own = identity_of(kind);
  EVP_PKEY_CTX *context = own ? EVP_PKEY_CTX_new(own->key, NULL) : NULL;
  if (!context || begin(context) <= 0 || EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) <= 0) {
    EVP_PKEY_CTX_free(context);
    return NULL;
  }
  return context;
}

int perflab_tls_sign(enum perflab_tls_key kind, int count) {
  EVP_PKEY_CTX *context = context_of(kind, EVP_PKEY_sign_init);
  unsigned char signature[512];
  int made = 0;
  for (int index = 0; context && index < count; index++) {
    size_t length = sizeof signature;
    made += EVP_PKEY_sign(context, signature, &length, digest, sizeof digest) == 1;
  }
  EVP_PKEY_CTX_free(context);
  return made;
}

// Signs once in a process, so that no signature is a part of the time of verifications.
static size_t signed_once(enum perflab_tls_key kind, const unsigned char **bytes) {
  static unsigned char signatures[2][512];
  static size_t lengths[2];
  *bytes = signatures[kind];
  if (lengths[kind]) return lengths[kind];
  EVP_PKEY_CTX *signer = context_of(kind, EVP_PKEY_sign_init);
  size_t length = sizeof signatures[kind];
  if (signer && EVP_PKEY_sign(signer, signatures[kind], &length, digest, sizeof digest) == 1) {
    lengths[kind] = length;
  }
  EVP_PKEY_CTX_free(signer);
  return lengths[kind];
}

int perflab_tls_verify(enum perflab_tls_key kind, int count) {
  const unsigned char *signature;
  size_t length = signed_once(kind, &signature);
  EVP_PKEY_CTX *context = length ? context_of(kind, EVP_PKEY_verify_init) : NULL;
  int right = 0;
  for (int index = 0; context && index < count; index++) {
    right += EVP_PKEY_verify(context, signature, length, digest, sizeof digest) == 1;
  }
  EVP_PKEY_CTX_free(context);
  return right;
}

static int verified(X509_STORE *store, const unsigned char *bytes, int length) {
  X509 *certificate = d2i_X509(NULL, &bytes, length);
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  // As a handshake does, which takes the key from the certificate for the signature that follows.
  int right = certificate && context && X509_get0_pubkey(certificate) &&
              X509_STORE_CTX_init(context, store, certificate, NULL) &&
              X509_verify_cert(context) == 1;
  X509_STORE_CTX_free(context);
  X509_free(certificate);
  return right;
}

int perflab_tls_verify_certificate(enum perflab_tls_key kind, int count) {
  const identity *own = identity_of(kind);
  X509_STORE *store = own ? X509_STORE_new() : NULL;
  unsigned char *bytes = NULL;
  int right = 0, length = own ? i2d_X509(own->certificate, &bytes) : -1;
  if (store && length > 0 && X509_STORE_add_cert(store, own->root)) {
    for (int index = 0; index < count; index++) right += verified(store, bytes, length);
  }
  OPENSSL_free(bytes);
  X509_STORE_free(store);
  return right;
}

const char *perflab_tls_version(void) { return OpenSSL_version(OPENSSL_VERSION); }
