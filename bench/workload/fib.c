#include "checksum.h"

__attribute__((noinline)) static u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

/* Nothing but calls: the twentieth Fibonacci number, `repeat` times. */
EXPORT u32 run(u32 repeat) {
  u32 sum = 0;
  for (u32 round = 0; round < repeat; round++) sum = mix(sum, fib(20 + (round & 1)));
  return sum;
}
