#ifndef CPERFLAB_GZIP_H
#define CPERFLAB_GZIP_H

#include <stddef.h>
#include <stdint.h>

enum perflab_gzip_status {
  PERFLAB_GZIP_OK,
  PERFLAB_GZIP_NO_MEMORY,
  /// Not gzip, or a checksum that does not hold.
  PERFLAB_GZIP_DAMAGED,
  /// Ends in the middle.
  PERFLAB_GZIP_TRUNCATED,
  /// More than `limit` bytes.
  PERFLAB_GZIP_TOO_LARGE,
};

/// Both give a block of `*bytes` bytes that `perflab_gzip_free` takes back; null unless OK.
/// `*consumed` says how much of the input was understood.
enum perflab_gzip_status perflab_gzip(const uint8_t *input, size_t count, uint8_t **output,
                                      size_t *bytes);
enum perflab_gzip_status perflab_gunzip(const uint8_t *input, size_t count, size_t limit,
                                        uint8_t **output, size_t *bytes, size_t *consumed);
void perflab_gzip_free(uint8_t *output);

#endif
