#include "checksum.h"

#define LENGTH 65536

static u8 text[LENGTH], upper[LENGTH];

/* The loops of every text tool, one byte at a time: upper case, count lines, add up. */
EXPORT u32 run(u32 repeat) {
  u32 sum = 0;
  seed(4);
  for (u32 i = 0; i < LENGTH; i++) text[i] = (u8)(next_random() % 96 + 32);
  for (u32 round = 0; round < repeat; round++) {
    text[round % LENGTH] = '\n';
    u32 lines = 0, total = 0;
    for (u32 i = 0; i < LENGTH; i++) {
      u8 byte = text[i];
      upper[i] = byte >= 'a' && byte <= 'z' ? byte - 32 : byte;
    }
    for (u32 i = 0; i < LENGTH; i++) lines += upper[i] == '\n';
    for (u32 i = 0; i < LENGTH; i++) total = total * 31 + upper[i];
    sum = mix(sum, lines + total);
  }
  return sum;
}
