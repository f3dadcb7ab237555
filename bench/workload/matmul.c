#include "checksum.h"

#define SIZE 64

static double left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];

/* Dense matrices of 64 by 64 numbers, `repeat` products. */
EXPORT u32 run(u32 repeat) {
  u32 sum = 0;
  seed(1);
  for (u32 i = 0; i < SIZE; i++) {
    for (u32 j = 0; j < SIZE; j++) {
      left[i][j] = next_random() % 1000;
      right[i][j] = next_random() % 1000;
    }
  }
  for (u32 round = 0; round < repeat; round++) {
    left[round % SIZE][round / SIZE % SIZE] += 1;
    for (u32 i = 0; i < SIZE; i++) {
      for (u32 j = 0; j < SIZE; j++) {
        double cell = 0;
        for (u32 k = 0; k < SIZE; k++) cell += left[i][k] * right[k][j];
        product[i][j] = cell;
      }
    }
    sum = mix(sum, (u32)(u64)product[round % SIZE][(round * 7) % SIZE]);
  }
  return sum;
}
