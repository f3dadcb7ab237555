#include "checksum.h"

/* Floating point in a tight loop: `repeat` pictures of 48 by 48 points. */
EXPORT u32 run(u32 repeat) {
  u32 sum = 0;
  for (u32 picture = 0; picture < repeat; picture++) {
    for (u32 row = 0; row < 48; row++) {
      for (u32 column = 0; column < 48; column++) {
        double cr = column / 16.0 - 2.0, ci = row / 24.0 - 1.0 + picture * 1e-6;
        double zr = 0, zi = 0;
        u32 steps = 0;
        while (steps < 200 && zr * zr + zi * zi < 4.0) {
          double next = zr * zr - zi * zi + cr;
          zi = 2.0 * zr * zi + ci;
          zr = next;
          steps++;
        }
        sum = mix(sum, steps);
      }
    }
  }
  return sum;
}
