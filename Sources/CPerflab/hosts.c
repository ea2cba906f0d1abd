#define _GNU_SOURCE
#include "cperflab_hosts.h"

#include "cperflab_network.h"
#include "interface.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int perflab_network_here(void) { return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }

int perflab_new_network(void) {
  int before = perflab_network_here();
  if (before < 0) return -1;
  int made = -1;
  if (unshare(CLONE_NEWNET) == 0) {
    int error = perflab_bring_up("lo");
    made = error ? -1 : perflab_network_here();
    if (!error && made < 0) error = errno;
    int back = perflab_enter_network(before);
    errno = error ? error : back;
    if (errno && made >= 0) {
      close(made);
      made = -1;
    }
  }
  int error = errno;
  close(before);
  errno = error;
  return made;
}

int perflab_enter_network(int network) { return setns(network, CLONE_NEWNET) ? errno : 0; }

static void put(struct sockaddr *field, uint32_t address) {
  struct sockaddr_in value = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
  memcpy(field, &value, sizeof value);
}

/// Sets how many packets an interface's queue holds. Returns 0 or an errno. Of the ways to do this,
/// netlink is the one that is open to an ordinary user in a namespace of its own.
static int set_queue(const char *name, uint32_t packets) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
    struct rtattr attribute;
    uint32_t packets;
  } message = {
      .header = {.nlmsg_len = sizeof message,
                 .nlmsg_type = RTM_NEWLINK,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
      .link = {.ifi_family = AF_UNSPEC, .ifi_index = (int)if_nametoindex(name)},
      .attribute = {.rta_len = RTA_LENGTH(sizeof packets), .rta_type = IFLA_TXQLEN},
      .packets = packets};
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
  } reply = {0};
  int handle = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (handle < 0) return errno;
  int failed = send(handle, &message, sizeof message, 0) < 0 ||
               recv(handle, &reply, sizeof reply, 0) < (ssize_t)sizeof(struct nlmsghdr);
  int error = failed ? errno : -reply.error.error;
  close(handle);
  return error;
}

/// Addresses, sizes and flags of an interface. Returns 0 or an errno.
static int configure(const char *name, uint32_t own, uint32_t peer, int mtu, int queue) {
  int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (handle < 0) return errno;
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  put(&request.ifr_addr, own);
  int failed = ioctl(handle, SIOCSIFADDR, &request);
  if (!failed) {
    put(&request.ifr_dstaddr, peer);
    failed = ioctl(handle, SIOCSIFDSTADDR, &request);
  }
  if (!failed) {
    put(&request.ifr_netmask, 0xFFFFFFFF);
    failed = ioctl(handle, SIOCSIFNETMASK, &request);
  }
  if (!failed) {
    request.ifr_mtu = mtu;
    failed = ioctl(handle, SIOCSIFMTU, &request);
  }
  int error = failed ? errno : 0;
  close(handle);
  if (!error) error = set_queue(name, (uint32_t)queue);
  return error ? error : perflab_bring_up(name);
}

int perflab_tun(const char *name, uint32_t own, uint32_t peer, int mtu, int queue) {
  int device = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (device < 0) return -1;
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  int error = ioctl(device, TUNSETIFF, &request) ? errno : 0;
  if (!error) error = configure(name, own, peer, mtu, queue);
  if (!error) return device;
  close(device);
  errno = error;
  return -1;
}

int perflab_wait_readable(const int descriptors[3], int64_t nanoseconds) {
  struct pollfd waited[3];
  for (int index = 0; index < 3; index++) {
    waited[index] = (struct pollfd){.fd = descriptors[index], .events = POLLIN};
  }
  struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  if (ppoll(waited, 3, nanoseconds < 0 ? 0 : &limit, 0) <= 0) return 0;
  int ready = 0;
  for (int index = 0; index < 3; index++) {
    if (waited[index].revents) ready |= 1 << index;
  }
  return ready;
}

int perflab_stamp_datagrams(int descriptor) {
  int on = 1;
  return setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) ? errno : 0;
}

long perflab_receive_stamped(int descriptor, void *bytes, size_t size, int64_t *time) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(struct timespec))];
  } control;
  struct iovec part = {bytes, size};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = &control,
                           .msg_controllen = sizeof control};
  ssize_t count = recvmsg(descriptor, &message, MSG_DONTWAIT);
  if (count < 0) return -1;
  struct cmsghdr *found = CMSG_FIRSTHDR(&message);
  if (found && found->cmsg_level == SOL_SOCKET && found->cmsg_type == SCM_TIMESTAMPNS) {
    struct timespec stamp;
    memcpy(&stamp, CMSG_DATA(found), sizeof stamp);
    *time = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
  }
  return count;
}

int perflab_signal_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void perflab_raise(int descriptor) {
  uint64_t one = 1;
  // It can only be full of signals that were not read, and is readable then.
  if (write(descriptor, &one, sizeof one) < 0) return;
}

void perflab_sleep_exactly(void) { prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0); }

static const char *const steps[] = {
    "unshare", "a second network namespace", "a third network namespace", "entering a namespace",
    "a setting below /proc/sys/net", "a TUN device (/dev/net/tun)"};

/// The number of the step that is refused, with its errno, or 0.
static int try_steps(void) {
  if ((errno = perflab_own_network())) return 1;
  int one = perflab_new_network();
  if (one < 0) return 2;
  if (perflab_new_network() < 0) return 3;
  if ((errno = perflab_enter_network(one))) return 4;
  int setting = open("/proc/sys/net/ipv4/tcp_no_metrics_save", O_WRONLY | O_CLOEXEC);
  if (setting < 0 || write(setting, "1", 1) < 0) return 5;
  return perflab_tun("try", 0xC6120001, 0xC6120002, 1500, 100) < 0 ? 6 : 0;
}

int perflab_try_link(const char **step) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return 0;
  pid_t child = fork();
  if (child == 0) {
    int found[2] = {try_steps(), errno};
    _exit(write(ends[1], found, sizeof found) != sizeof found);
  }
  close(ends[1]);
  int found[2] = {0, 0};
  if (child > 0) {
    if (read(ends[0], found, sizeof found) != sizeof found) found[0] = 1, found[1] = EPERM;
    while (waitpid(child, 0, 0) < 0 && errno == EINTR) {
    }
  }
  close(ends[0]);
  if (!found[0]) return 0;
  *step = steps[found[0] - 1];
  return found[1];
}
