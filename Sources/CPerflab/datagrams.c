#define _GNU_SOURCE
#include "cperflab_datagrams.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

// linux/udp.h; older headers of the C library lack them.
enum { segment_option = 103, join_option = 104, at_once = 64 };

static int line_up(struct mmsghdr *messages, struct iovec *parts, char *bytes, size_t size,
                   int count) {
  int taken = count < at_once ? count : at_once;
  memset(messages, 0, sizeof *messages * (size_t)taken);
  for (int index = 0; index < taken; index++) {
    parts[index] = (struct iovec){bytes + (size_t)index * size, size};
    messages[index].msg_hdr.msg_iov = &parts[index];
    messages[index].msg_hdr.msg_iovlen = 1;
  }
  return taken;
}

int perflab_send_datagrams(int descriptor, const void *bytes, size_t size, int count) {
  struct mmsghdr messages[at_once];
  struct iovec parts[at_once];
  char *next = (char *)(uintptr_t)bytes;
  while (count > 0) {
    int wanted = line_up(messages, parts, next, size, count);
    int sent = sendmmsg(descriptor, messages, (unsigned)wanted, 0);
    if (sent < 0) return errno;
    next += (size_t)sent * size;
    count -= sent;
  }
  return 0;
}

long perflab_receive_datagrams(int descriptor, void *bytes, size_t size, int count) {
  struct mmsghdr messages[at_once];
  struct iovec parts[at_once];
  char *next = bytes;
  long all = 0;
  while (count > 0) {
    int wanted = line_up(messages, parts, next, size, count);
    int received = recvmmsg(descriptor, messages, (unsigned)wanted, MSG_WAITFORONE, NULL);
    if (received < 0) return -1;
    for (int index = 0; index < received; index++) all += messages[index].msg_len;
    next += (size_t)received * size;
    count -= received;
  }
  return all;
}

int perflab_send_segments(int descriptor, const void *bytes, size_t size, int count) {
  union {
    char space[CMSG_SPACE(sizeof(uint16_t))];
    struct cmsghdr aligned;
  } control = {{0}};
  struct iovec part = {(void *)(uintptr_t)bytes, size * (size_t)count};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                           .msg_controllen = sizeof control.space};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = IPPROTO_UDP;
  header->cmsg_type = segment_option;
  header->cmsg_len = CMSG_LEN(sizeof(uint16_t));
  uint16_t segment = (uint16_t)size;
  memcpy(CMSG_DATA(header), &segment, sizeof segment);
  return sendmsg(descriptor, &message, 0) < 0 ? errno : 0;
}

int perflab_join_datagrams(int descriptor) {
  int on = 1;
  return setsockopt(descriptor, IPPROTO_UDP, join_option, &on, sizeof on) ? errno : 0;
}

long perflab_receive_segments(int descriptor, void *bytes, size_t size, int *segment) {
  union {
    char space[CMSG_SPACE(sizeof(int))];
    struct cmsghdr aligned;
  } control;
  struct iovec part = {bytes, size};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                           .msg_controllen = sizeof control.space};
  ssize_t received = recvmsg(descriptor, &message, 0);
  if (received < 0) return -1;
  *segment = (int)received;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_level == IPPROTO_UDP && header->cmsg_type == join_option) {
    memcpy(segment, CMSG_DATA(header), sizeof *segment);
  }
  return received;
}
