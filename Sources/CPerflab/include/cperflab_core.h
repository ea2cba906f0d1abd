#ifndef CPERFLAB_CORE_H
#define CPERFLAB_CORE_H

#include <stdint.h>

/// Instructions that one round of any function below has, besides the loop's.
#define PERFLAB_INSTRUCTIONS_A_ROUND 64

/// Integer additions in one chain: each waits for the one before, so that it takes a cycle whatever
/// else the core does.
void perflab_additions_chained(int64_t rounds);

/// Integer additions in eight chains: as many at a time as the core takes. Needs nothing that lies
/// in memory.
void perflab_additions_apart(int64_t rounds);

/// Instructions that do nothing: as many at a time as the core begins.
void perflab_nops(int64_t rounds);

#endif
