#ifndef AUTHORITY_H
#define AUTHORITY_H

#include <openssl/ssl.h>

#include "ctls.h"

/// The only name in the certificates.
#define SERVER_NAME "perflab.example"

/// An authority, and a server whose certificate it has signed.
typedef struct {
  EVP_PKEY *key;
  X509 *certificate;
  X509 *root;
} identity;

/// Of this process; null where OpenSSL can't make it.
const identity *identity_of(enum perflab_tls_key key);

#endif
