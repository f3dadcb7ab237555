#include "checksum.h"

#define LENGTH 16384

static char text[LENGTH];
static const char *at;

static void put(char **end, const char *piece) {
  while (*piece) *(*end)++ = *piece++;
}

/* A list of objects with names, numbers, nested lists and escapes. Answers its end. */
static char *write_text(void) {
  static const char *const words[] = {"alpha", "be\\nta", "gam\\u006da", "delta \\\"d\\\"", "epsilon", "zeta", "eta", "theta"};
  char *end = text;
  put(&end, "[");
  while (end < text + LENGTH - 256) {
    put(&end, "{\"name\": \"");
    put(&end, words[next_random() % 8]);
    put(&end, "\", \"id\": ");
    for (u32 id = next_random() % 100000 + 10; id > 0; id /= 10) *end++ = (char)('1' + id % 9);
    put(&end, ", \"tags\": [true, false, null, -12.5e3, \"");
    put(&end, words[next_random() % 8]);
    put(&end, "\"], \"in\": {\"a\": [], \"b\": {}}},\n ");
  }
  put(&end, "null]");
  return end;
}

static void skip_space(void) {
  while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++;
}

static u32 hex(char c) { return c <= '9' ? (u32)(c - '0') : (u32)((c | 32) - 'a' + 10); }

static u32 parse_string(void) {
  u32 hash = 2166136261u;
  at++;
  while (*at != '"') {
    u32 c = (u8)*at++;
    if (c == '\\') {
      c = (u8)*at++;
      if (c == 'n') c = '\n';
      if (c == 'u') {
        c = 0;
        for (u32 i = 0; i < 4; i++) c = c << 4 | hex(*at++);
      }
    }
    hash = mix(hash, c);
  }
  at++;
  return hash;
}

static u32 parse_number(void) {
  int negative = *at == '-';
  double value = 0, scale = 1;
  if (negative) at++;
  while (*at >= '0' && *at <= '9') value = value * 10 + (*at++ - '0');
  if (*at == '.') {
    at++;
    while (*at >= '0' && *at <= '9') value += (*at++ - '0') * (scale /= 10);
  }
  if (*at == 'e' || *at == 'E') {
    u32 exponent = 0;
    at++;
    while (*at >= '0' && *at <= '9') exponent = exponent * 10 + (u32)(*at++ - '0');
    while (exponent-- > 0) value *= 10;
  }
  return (u32)(u64)value + (u32)negative;
}

static u32 parse_value(void) {
  u32 sum = 7;
  skip_space();
  switch (*at) {
    case '"': return parse_string();
    case 't': at += 4; return 1;
    case 'f': at += 5; return 2;
    case 'n': at += 4; return 3;
    case '[':
      at++;
      skip_space();
      while (*at != ']') {
        sum = mix(sum, parse_value());
        skip_space();
        if (*at == ',') at++;
      }
      at++;
      return sum;
    case '{':
      at++;
      skip_space();
      while (*at != '}') {
        skip_space();
        sum = mix(sum, parse_string());
        skip_space();
        at++;
        sum = mix(sum, parse_value());
        skip_space();
        if (*at == ',') at++;
        skip_space();
      }
      at++;
      return sum;
    default: return parse_number();
  }
}

/* Reads 16 KiB of JSON, `repeat` times. */
EXPORT u32 run(u32 repeat) {
  u32 sum = 0;
  seed(6);
  *write_text() = 0;
  for (u32 round = 0; round < repeat; round++) {
    at = text;
    sum = mix(sum, parse_value());
  }
  return sum;
}
