#include <wasm_simd128.h>
#include "checksum.h"

#define LENGTH 4096

static float left[LENGTH], right[LENGTH];

/* Dot products of 4,096 numbers, four at a time. */
EXPORT u32 run(u32 repeat) {
  u32 sum = 0;
  seed(2);
  for (u32 i = 0; i < LENGTH; i++) {
    left[i] = (float)(next_random() % 100);
    right[i] = (float)(next_random() % 100);
  }
  for (u32 round = 0; round < repeat; round++) {
    left[round % LENGTH] += 1.0f;
    v128_t total = wasm_f32x4_splat(0);
    for (u32 i = 0; i < LENGTH; i += 4) {
      total = wasm_f32x4_add(total, wasm_f32x4_mul(wasm_v128_load(left + i), wasm_v128_load(right + i)));
    }
    float all = wasm_f32x4_extract_lane(total, 0) + wasm_f32x4_extract_lane(total, 1) +
                wasm_f32x4_extract_lane(total, 2) + wasm_f32x4_extract_lane(total, 3);
    sum = mix(sum, (u32)(u64)all);
  }
  return sum;
}
