#include "cperflab_gzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

// zlib counts in `unsigned`; both directions hand it pieces of at most this size.
static const size_t piece = (size_t)1 << 30;
_Static_assert(UINT_MAX >= (size_t)1 << 30, "a piece can be counted");

// Window of 32 KiB; 16 more asks for gzip's header and checksum.
enum { gzip_window = 15 + 16 };

struct output {
  uint8_t *data;
  size_t used, capacity;
};

// Offers the stream more room behind what it has written. Returns 0 when memory is short.
static int make_room(struct output *output, z_stream *stream) {
  if (output->used == output->capacity) {
    size_t capacity = output->capacity ? output->capacity * 2 : (size_t)64 << 10;
    uint8_t *data = realloc(output->data, capacity);
    if (!data) return 0;
    output->data = data;
    output->capacity = capacity;
  }
  size_t room = output->capacity - output->used;
  stream->next_out = output->data + output->used;
  stream->avail_out = (unsigned)(room < piece ? room : piece);
  return 1;
}

static void offer(z_stream *stream, const uint8_t *input, size_t count, size_t *offered) {
  if (stream->avail_in || *offered == count) return;
  size_t rest = count - *offered;
  stream->next_in = (Bytef *)(input + *offered);
  stream->avail_in = (unsigned)(rest < piece ? rest : piece);
  *offered += stream->avail_in;
}

enum perflab_gzip_status perflab_gzip(const uint8_t *input, size_t count, uint8_t **output,
                                      size_t *bytes) {
  z_stream stream = {0};
  struct output result = {0};
  *output = NULL;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return PERFLAB_GZIP_NO_MEMORY;
  size_t offered = 0;
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    offer(&stream, input, count, &offered);
    if (!make_room(&result, &stream)) break;
    unsigned room = stream.avail_out;
    code = deflate(&stream, offered == count ? Z_FINISH : Z_NO_FLUSH);
    result.used += room - stream.avail_out;
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) break;
  }
  deflateEnd(&stream);
  if (code != Z_STREAM_END) {
    free(result.data);
    return PERFLAB_GZIP_NO_MEMORY;
  }
  *output = result.data;
  *bytes = result.used;
  return PERFLAB_GZIP_OK;
}

enum perflab_gzip_status perflab_gunzip(const uint8_t *input, size_t count, size_t limit,
                                        uint8_t **output, size_t *bytes, size_t *consumed) {
  z_stream stream = {0};
  struct output result = {0};
  *output = NULL;
  *consumed = 0;
  if (inflateInit2(&stream, gzip_window) != Z_OK) return PERFLAB_GZIP_NO_MEMORY;
  size_t offered = 0;
  enum perflab_gzip_status status = PERFLAB_GZIP_TRUNCATED;
  while (1) {
    offer(&stream, input, count, &offered);
    if (!make_room(&result, &stream)) {
      status = PERFLAB_GZIP_NO_MEMORY;
      break;
    }
    unsigned room = stream.avail_out;
    int code = inflate(&stream, Z_NO_FLUSH);
    result.used += room - stream.avail_out;
    *consumed = offered - stream.avail_in;
    if (result.used > limit) {
      status = PERFLAB_GZIP_TOO_LARGE;
      break;
    }
    if (code == Z_STREAM_END) {
      status = PERFLAB_GZIP_OK;
      if (*consumed == count) break;
      // Files that were joined stay valid: another member follows.
      status = PERFLAB_GZIP_TRUNCATED;
      inflateReset(&stream);
      continue;
    }
    if (code == Z_BUF_ERROR && *consumed == count) break;
    if (code != Z_OK && code != Z_BUF_ERROR) {
      status = code == Z_MEM_ERROR ? PERFLAB_GZIP_NO_MEMORY : PERFLAB_GZIP_DAMAGED;
      break;
    }
  }
  inflateEnd(&stream);
  if (status != PERFLAB_GZIP_OK) {
    free(result.data);
    return status;
  }
  *output = result.data;
  *bytes = result.used;
  return PERFLAB_GZIP_OK;
}

void perflab_gzip_free(uint8_t *output) { free(output); }
