#include <brotli/decode.h>
#include <brotli/encode.h>
#include <lz4.h>
#include <zdict.h>
#include <zlib.h>
#include <zstd.h>
