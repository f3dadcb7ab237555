#include "checksum.h"

#define LENGTH 8192

static char text[LENGTH + 1];

static int match_here(const char *pattern, const char *at);

static int matches_one(char pattern, char c) {
  return c != 0 && (pattern == '.' || pattern == c || (pattern == '#' && c >= '0' && c <= '9'));
}

/* As many as there are, then one fewer each time: the backtracking. */
static int match_star(char repeated, const char *pattern, const char *at) {
  const char *end = at;
  while (matches_one(repeated, *end)) end++;
  for (;; end--) {
    if (match_here(pattern, end)) return 1;
    if (end == at) return 0;
  }
}

/* `.` is any character, `#` a digit, `*` repeats what stands before it. */
static int match_here(const char *pattern, const char *at) {
  if (pattern[0] == 0) return 1;
  if (pattern[1] == '*') return match_star(pattern[0], pattern + 2, at);
  return matches_one(pattern[0], *at) && match_here(pattern + 1, at + 1);
}

/* Looks for four patterns at every place of 8 KiB. */
EXPORT u32 run(u32 repeat) {
  static const char *const patterns[] = {"a*b*c#d", "#*a#*b", "ab*#*c.d", "d.a*a*a*#b"};
  u32 sum = 0;
  seed(7);
  for (u32 i = 0; i < LENGTH; i++) text[i] = "aaaabbbccd0123"[next_random() % 14];
  for (u32 round = 0; round < repeat; round++) {
    u32 found = 0;
    for (u32 which = 0; which < 4; which++) {
      for (u32 i = 0; i < LENGTH; i++) found += (u32)match_here(patterns[which], text + i);
    }
    text[round % LENGTH] = 'b';
    sum = mix(sum, found);
  }
  return sum;
}
