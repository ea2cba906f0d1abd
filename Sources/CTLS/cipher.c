#include "ctls.h"

#include <openssl/evp.h>

// A key, and a fresh number for each message: what is timed is the cipher, not the set-up of keys.
int perflab_tls_encrypt(const unsigned char *from, unsigned char *to, int size, int count) {
  static const unsigned char key[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  unsigned char nonce[12] = {0}, tag[16];
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int done = 0, written = 0;
  if (!context || !EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, key, NULL)) count = 0;
  for (; done < count; done++) {
    nonce[0] = (unsigned char)done;
    if (!EVP_EncryptInit_ex(context, NULL, NULL, NULL, nonce) ||
        !EVP_EncryptUpdate(context, to, &written, from, size) || written != size ||
        !EVP_EncryptFinal_ex(context, to + written, &written) ||
        !EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, sizeof tag, tag))
      break;
  }
  EVP_CIPHER_CTX_free(context);
  return done;
}
