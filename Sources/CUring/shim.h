// Before liburing asks for another edition of the C library: what both Swift's module of the C
// library and this one declare must be the same.
#include <features.h>
#include <liburing.h>
