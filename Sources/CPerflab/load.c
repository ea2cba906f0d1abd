#include "cperflab_load.h"

#include <errno.h>
#include <sys/socket.h>

long perflab_send_now(int descriptor, const void *bytes, unsigned long count) {
  return send(descriptor, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

long perflab_receive_now(int descriptor, void *bytes, unsigned long count) {
  long received = recv(descriptor, bytes, count, MSG_DONTWAIT);
  if (received >= 0) return received;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? -1 : -2;
}
