#ifndef CPERFLAB_SANITIZE_H
#define CPERFLAB_SANITIZE_H

#include <stddef.h>

/// Makes AddressSanitizer report every access to these bytes until they are unpoisoned.
/// Does nothing in a build without AddressSanitizer.
void perflab_poison(const void *start, size_t bytes);

/// Allows access to these bytes again. Does nothing in a build without AddressSanitizer.
void perflab_unpoison(const void *start, size_t bytes);

#endif
