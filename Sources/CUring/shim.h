// Before liburing.h, which asks for another form of `fd_set` than the system's module has.
#include <sys/select.h>

#include <liburing.h>
