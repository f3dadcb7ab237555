/* What every workload shares: fixed-width types, a repeatable stream of numbers, and a sum that no optimizer can drop. */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT __attribute__((export_name("run")))

static u32 random_state;

static inline void seed(u32 value) { random_state = value * 2654435761u + 1; }

static inline u32 next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state;
}

static inline u32 mix(u32 sum, u32 value) { return (sum ^ value) * 16777619u; }
