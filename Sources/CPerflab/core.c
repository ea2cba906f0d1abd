#include "cperflab_core.h"

#define EIGHT(STEP) STEP STEP STEP STEP STEP STEP STEP STEP

// What is added is in a register: cores add constants beforehand, when they rename registers, which
// takes no time at all (Intel's from Golden Cove on).
#if defined(__x86_64__)

#define ADD(name) "add %[step], %" #name "\n"
// Four bytes, as long as instructions are: of shorter ones more lie in a line than cores decode at
// once.
#define NOP "nopl 0(%%rax)\n"
#define LOOP(body)                                                                                 \
  ".p2align 6\n"                                                                                   \
  "1:\n" body "dec %[rounds]\n"                                                                    \
  "jnz 1b\n"

#elif defined(__aarch64__)

#define ADD(name) "add %" #name ", %" #name ", %[step]\n"
#define NOP "nop\n"
#define LOOP(body)                                                                                 \
  ".p2align 6\n"                                                                                   \
  "1:\n" body "subs %[rounds], %[rounds], #1\n"                                                    \
  "b.ne 1b\n"

#else
#error "perflab knows x86-64 and arm64"
#endif

#define CHAIN EIGHT(ADD([a]))
#define APART ADD([a]) ADD([b]) ADD([c]) ADD([d]) ADD([e]) ADD([f]) ADD([g]) ADD([h])

void perflab_additions_chained(int64_t rounds) {
  int64_t a = 0, step = 1;
  __asm__ volatile(LOOP(EIGHT(CHAIN))
                   : [rounds] "+r"(rounds), [a] "+r"(a)
                   : [step] "r"(step)
                   : "cc");
}

void perflab_additions_apart(int64_t rounds) {
  int64_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, step = 1;
  __asm__ volatile(LOOP(EIGHT(APART))
                   : [rounds] "+r"(rounds), [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d),
                     [e] "+r"(e), [f] "+r"(f), [g] "+r"(g), [h] "+r"(h)
                   : [step] "r"(step)
                   : "cc");
}

void perflab_nops(int64_t rounds) {
  __asm__ volatile(LOOP(EIGHT(EIGHT(NOP))) : [rounds] "+r"(rounds)::"cc");
}
