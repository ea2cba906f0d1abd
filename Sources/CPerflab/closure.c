#include "cperflab_closure.h"

#define SWIFT_CALL __attribute__((swiftcall))
#define SWIFT_CONTEXT __attribute__((swift_context))

_Static_assert(sizeof(struct perflab_closure) == 2 * sizeof(void *), "a closure is two words");

SWIFT_CALL void perflab_closure_capture(void *function, void *context,
                                        struct perflab_closure *out) {
  out->function = function;
  out->context = context;
}

typedef SWIFT_CALL void (*body)(void *first, void *second, SWIFT_CONTEXT void *context);

void perflab_closure_call(const struct perflab_closure *closure, void *first, void *second) {
  ((body)closure->function)(first, second, closure->context);
}
