#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "authority.h"

struct perflab_tls {
  SSL_CTX *client, *server;
  // Of the last connection, for the next.
  SSL_SESSION *session;
};

static int keep(SSL *ssl, SSL_SESSION *session) {
  perflab_tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
  SSL_SESSION_free(tls->session);
  tls->session = session;
  return 1;
}

static int prepare(perflab_tls *tls, const identity *own, int version, int takes_early) {
  static const unsigned char application[] = "perflab";
  int number = version == 13 ? TLS1_3_VERSION : TLS1_2_VERSION;
  tls->client = SSL_CTX_new(TLS_client_method());
  tls->server = SSL_CTX_new(TLS_server_method());
  if (!tls->client || !tls->server) return 0;
  SSL_CTX_set_app_data(tls->client, tls);
  SSL_CTX_set_verify(tls->client, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_session_cache_mode(tls->client,
                                 SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_sess_set_new_cb(tls->client, keep);
  // A ticket is used once (RFC 8446, appendix C.4); what accepts early data remembers it, so that
  // none is replayed.
  return SSL_CTX_set_num_tickets(tls->server, 1) &&
         SSL_CTX_set_max_early_data(tls->server, takes_early ? 16384 : 0) &&
         SSL_CTX_set_session_id_context(tls->server, application, sizeof application - 1) &&
         X509_STORE_add_cert(SSL_CTX_get_cert_store(tls->client), own->root) &&
         SSL_CTX_use_certificate(tls->server, own->certificate) &&
         SSL_CTX_use_PrivateKey(tls->server, own->key) &&
         SSL_CTX_set_min_proto_version(tls->client, number) &&
         SSL_CTX_set_max_proto_version(tls->client, number);
}

perflab_tls *perflab_tls_make(enum perflab_tls_key key, int version, int takes_early,
                              char *reason, size_t room) {
  const identity *own = identity_of(key);
  perflab_tls *tls = calloc(1, sizeof *tls);
  if (own && tls && prepare(tls, own, version, takes_early)) return tls;
  const char *why = ERR_reason_error_string(ERR_peek_last_error());
  snprintf(reason, room, "OpenSSL: %s", why ? why : "no memory");
  perflab_tls_free(tls);
  return NULL;
}

void perflab_tls_free(perflab_tls *tls) {
  if (!tls) return;
  SSL_SESSION_free(tls->session);
  SSL_CTX_free(tls->client);
  SSL_CTX_free(tls->server);
  free(tls);
}

typedef struct {
  SSL *client, *server;
  // From the client to the server, and back.
  BIO *there, *back;
  const void *request;
  void *response;
  size_t size;
  // How far the request is at the server, and the response at the client.
  size_t asked, answered;
  int is_early, has_asked, has_read_early, has_answered;
  char heard[16384];
} connection;

// Whether OpenSSL only waits for the other side.
static int waits(SSL *ssl, int result) {
  int reason = SSL_get_error(ssl, result);
  return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE;
}

static const char *act_as_client(connection *c) {
  size_t moved = 0;
  if (c->is_early && !c->has_asked) {
    if (!SSL_write_early_data(c->client, c->request, c->size, &moved)) return "early data";
    c->has_asked = 1;
    return NULL;
  }
  if (!SSL_is_init_finished(c->client)) {
    int result = SSL_do_handshake(c->client);
    if (result != 1) return waits(c->client, result) ? NULL : "the client's handshake";
  }
  if (!c->has_asked) {
    if (!SSL_write_ex(c->client, c->request, c->size, &moved)) return "the request";
    c->has_asked = 1;
  }
  int result;
  do {
    // After the response there may be a ticket to read.
    char none[1];
    int is_whole = c->answered == c->size;
    result = SSL_read_ex(c->client, is_whole ? none : (char *)c->response + c->answered,
                         is_whole ? sizeof none : c->size - c->answered, &moved);
    if (result == 1) c->answered += moved;
  } while (result == 1 && c->answered <= c->size);
  return waits(c->client, result) ? NULL : "the response";
}

static const char *respond(connection *c, int early) {
  size_t moved = 0;
  if (c->has_answered || c->asked < c->size) return NULL;
  c->has_answered = 1;
  int result = early ? SSL_write_early_data(c->server, c->heard, c->size, &moved)
                     : SSL_write_ex(c->server, c->heard, c->size, &moved);
  return result == 1 ? NULL : "the server's response";
}

// Early data are read, and responded to, before the client has finished its handshake.
static const char *read_early(connection *c) {
  while (!c->has_read_early) {
    size_t moved = 0;
    char *end = c->heard + c->asked;
    switch (SSL_read_early_data(c->server, end, sizeof c->heard - c->asked, &moved)) {
    case SSL_READ_EARLY_DATA_SUCCESS:
      c->asked += moved;
      if (respond(c, 1)) return "the server's early response";
      break;
    case SSL_READ_EARLY_DATA_FINISH:
      c->has_read_early = 1;
      break;
    default:
      return waits(c->server, 0) ? "" : "early data at the server";
    }
  }
  return NULL;
}

static const char *act_as_server(connection *c) {
  if (c->is_early) {
    const char *fault = read_early(c);
    if (fault) return *fault ? fault : NULL;
  }
  if (!SSL_is_init_finished(c->server)) {
    int result = SSL_do_handshake(c->server);
    if (result != 1) return waits(c->server, result) ? NULL : "the server's handshake";
  }
  size_t moved = 0;
  while (c->asked < c->size) {
    int result = SSL_read_ex(c->server, c->heard + c->asked, c->size - c->asked, &moved);
    if (result != 1) return waits(c->server, result) ? NULL : "the request at the server";
    c->asked += moved;
  }
  return respond(c, 0);
}

static int begin(connection *c, perflab_tls *tls, enum perflab_tls_start start) {
  c->client = SSL_new(tls->client);
  c->server = SSL_new(tls->server);
  c->there = BIO_new(BIO_s_mem());
  c->back = BIO_new(BIO_s_mem());
  if (!c->client || !c->server || !c->there || !c->back) return 0;
  BIO_set_mem_eof_return(c->there, -1);
  BIO_set_mem_eof_return(c->back, -1);
  // Each side owns a reference to both.
  BIO_up_ref(c->there);
  BIO_up_ref(c->back);
  SSL_set_bio(c->client, c->back, c->there);
  SSL_set_bio(c->server, c->there, c->back);
  SSL_set_connect_state(c->client);
  SSL_set_accept_state(c->server);
  c->is_early = start == PERFLAB_TLS_EARLY;
  return SSL_set1_host(c->client, SERVER_NAME) &&
         SSL_set_tlsext_host_name(c->client, SERVER_NAME) &&
         (start == PERFLAB_TLS_FULL || (tls->session && SSL_set_session(c->client, tls->session)));
}

static const char *converse(connection *c, perflab_tls_report *report) {
  long sent_before = 0, received_before = 0;
  // A connection takes at most three round trips; what takes more has gone wrong.
  for (int turn = 0; turn < 8; turn++) {
    const char *fault = act_as_client(c);
    if (fault) return fault;
    long sent = (long)BIO_number_written(c->there), received = (long)BIO_number_written(c->back);
    int is_over = c->answered == c->size && SSL_is_init_finished(c->server) &&
                  sent == sent_before && received == received_before;
    if (is_over) {
      report->bytes = sent + received;
      return NULL;
    }
    (sent_before = sent, received_before = received);
    if (c->answered < c->size) report->round_trips++;
    fault = act_as_server(c);
    if (fault) return fault;
  }
  return "a connection that does not end";
}

const char *perflab_tls_connect(perflab_tls *tls, enum perflab_tls_start start,
                                const void *request, void *response, size_t size,
                                perflab_tls_report *report) {
  connection c = {.request = request, .response = response, .size = size};
  *report = (perflab_tls_report){0};
  const char *fault = size > sizeof c.heard || !begin(&c, tls, start) ? "a session" : NULL;
  if (!fault) fault = converse(&c, report);
  if (!fault && start != PERFLAB_TLS_FULL && !SSL_session_reused(c.client)) fault = "resumption";
  if (!fault && c.is_early && SSL_get_early_data_status(c.client) != SSL_EARLY_DATA_ACCEPTED) {
    fault = "early data at the server";
  }
  SSL_shutdown(c.client);
  SSL_shutdown(c.server);
  SSL_free(c.client);
  SSL_free(c.server);
  ERR_clear_error();
  return fault;
}
