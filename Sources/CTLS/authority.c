#include "authority.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

static EVP_PKEY *make_key(enum perflab_tls_key key) {
  return key == PERFLAB_TLS_P256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
}

static int extend(X509 *certificate, X509 *issuer, int kind, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
  int added = extension && X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}

// Valid from yesterday for ten days: it lives as long as the process.
static X509 *make_certificate(EVP_PKEY *key, const char *name, int serial, X509 *issuer,
                              EVP_PKEY *signer) {
  X509 *made = X509_new();
  if (!made) return NULL;
  X509_NAME *subject = X509_get_subject_name(made);
  int right = X509_set_version(made, 2) && ASN1_INTEGER_set(X509_get_serialNumber(made), serial) &&
              X509_gmtime_adj(X509_getm_notBefore(made), -86400) &&
              X509_gmtime_adj(X509_getm_notAfter(made), 9 * 86400) &&
              X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                         (const unsigned char *)name, -1, -1, 0) &&
              X509_set_issuer_name(made, issuer ? X509_get_subject_name(issuer) : subject) &&
              X509_set_pubkey(made, key);
  right = right && (issuer ? extend(made, issuer, NID_subject_alt_name, "DNS:" SERVER_NAME)
                           : extend(made, made, NID_basic_constraints, "critical,CA:TRUE"));
  if (right && X509_sign(made, signer, EVP_sha256())) return made;
  X509_free(made);
  return NULL;
}

const identity *identity_of(enum perflab_tls_key kind) {
  static identity made[2];
  identity *own = &made[kind];
  if (own->certificate) return own;
  EVP_PKEY *authority = make_key(kind);
  own->key = make_key(kind);
  if (authority && own->key) {
    own->root = make_certificate(authority, "perflab authority", 1, NULL, authority);
    if (own->root) {
      own->certificate = make_certificate(own->key, SERVER_NAME, 2, own->root, authority);
    }
  }
  EVP_PKEY_free(authority);
  return own->certificate ? own : NULL;
}
