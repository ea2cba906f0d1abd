#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "authority.h"

// Of this process, as the key pair is.
static const unsigned char secret[32] = "what the services of a test share";

// A signature of JSON Web Signature is two numbers of 32 bytes, not OpenSSL's DER (RFC 7518, 3.4).
static int flatten(const unsigned char *der, size_t length, unsigned char *signature) {
  ECDSA_SIG *read = d2i_ECDSA_SIG(NULL, &der, (long)length);
  int right = read && BN_bn2binpad(ECDSA_SIG_get0_r(read), signature, 32) == 32 &&
              BN_bn2binpad(ECDSA_SIG_get0_s(read), signature + 32, 32) == 32;
  ECDSA_SIG_free(read);
  return right;
}

static int unflatten(const unsigned char *signature, unsigned char **der) {
  ECDSA_SIG *made = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(signature, 32, NULL), *s = BN_bin2bn(signature + 32, 32, NULL);
  int length = 0;
  if (made && r && s && ECDSA_SIG_set0(made, r, s)) {
    length = i2d_ECDSA_SIG(made, der);
  } else {
    BN_free(r);
    BN_free(s);
  }
  ECDSA_SIG_free(made);
  return length;
}

static int keyed_digest(const void *text, size_t size, unsigned char *signature) {
  unsigned int length = 0;
  return HMAC(EVP_sha256(), secret, sizeof secret, text, size, signature, &length) && length == 32;
}

int perflab_tls_token_sign(enum perflab_tls_token kind, const void *text, size_t size,
                           unsigned char *signature) {
  if (kind == PERFLAB_TOKEN_HS256) return keyed_digest(text, size, signature) ? 32 : 0;
  const identity *own = identity_of(PERFLAB_TLS_P256);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  unsigned char der[80];
  size_t length = sizeof der;
  int right = own && context &&
              EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, own->key) == 1 &&
              EVP_DigestSign(context, der, &length, text, size) == 1 &&
              flatten(der, length, signature);
  EVP_MD_CTX_free(context);
  return right ? 64 : 0;
}

int perflab_tls_token_verify(enum perflab_tls_token kind, const void *text, size_t size,
                             const unsigned char *signature, size_t length) {
  if (kind == PERFLAB_TOKEN_HS256) {
    unsigned char own[32];
    return length == sizeof own && keyed_digest(text, size, own) &&
           CRYPTO_memcmp(own, signature, sizeof own) == 0;
  }
  if (length != 64) return 0;
  const identity *own = identity_of(PERFLAB_TLS_P256);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  unsigned char *der = NULL;
  int size_of_der = unflatten(signature, &der);
  int right = own && context && size_of_der > 0 &&
              EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, own->key) == 1 &&
              EVP_DigestVerify(context, der, (size_t)size_of_der, text, size) == 1;
  OPENSSL_free(der);
  EVP_MD_CTX_free(context);
  return right;
}
