#include "checksum.h"

#define LENGTH 10000

static u32 items[LENGTH];

static void sort(int low, int high) {
  while (low < high) {
    u32 pivot = items[(low + high) / 2];
    int i = low, j = high;
    while (i <= j) {
      while (items[i] < pivot) i++;
      while (items[j] > pivot) j--;
      if (i > j) break;
      u32 swapped = items[i];
      items[i++] = items[j];
      items[j--] = swapped;
    }
    if (j - low < high - i) {
      sort(low, j);
      low = i;
    } else {
      sort(i, high);
      high = j;
    }
  }
}

/* Sorts 10,000 numbers, `repeat` times. */
EXPORT u32 run(u32 repeat) {
  u32 sum = 0;
  for (u32 round = 0; round < repeat; round++) {
    seed(round + 3);
    for (u32 i = 0; i < LENGTH; i++) items[i] = next_random();
    sort(0, LENGTH - 1);
    for (u32 i = 0; i < LENGTH; i += 997) sum = mix(sum, items[i]);
  }
  return sum;
}
