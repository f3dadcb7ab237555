// Counts lines, words and bytes of the files given as arguments, or of standard input when there is none.
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct counts {
  long long lines, words, bytes;
};

// White space as in the C locale; other bytes, those of UTF-8 included, belong to words.
static int is_space(unsigned char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Adds what `file` holds to `sum`. Returns 0, or the error number when reading fails.
static int count(FILE *file, struct counts *sum) {
  static unsigned char block[65536];
  int inside = 0;
  size_t length;
  while ((length = fread(block, 1, sizeof block, file)) > 0) {
    sum->bytes += (long long)length;
    for (size_t i = 0; i < length; i++) {
      int space = is_space(block[i]);
      sum->lines += block[i] == '\n';
      sum->words += !space && !inside;
      inside = !space;
    }
  }
  return ferror(file) ? errno : 0;
}

static void print(const struct counts *c, const char *name) {
  printf("%7lld %7lld %7lld%s%s\n", c->lines, c->words, c->bytes, *name ? " " : "", name);
}

static int fail(const char *name, int error) {
  fprintf(stderr, "word-count: %s: %s\n", name, strerror(error));
  return 1;
}

int main(int argc, char **argv) {
  struct counts total = {0, 0, 0};
  int failed = 0;
  if (argc < 2) {
    int error = count(stdin, &total);
    if (error) return fail("standard input", error);
    print(&total, "");
    return 0;
  }
  for (int i = 1; i < argc; i++) {
    struct counts one = {0, 0, 0};
    FILE *file = fopen(argv[i], "rb");
    int error = file ? count(file, &one) : errno;
    if (file) fclose(file);
    if (error) {
      // The others are counted all the same, as `wc` does.
      failed = fail(argv[i], error);
      continue;
    }
    print(&one, argv[i]);
    total.lines += one.lines;
    total.words += one.words;
    total.bytes += one.bytes;
  }
  if (argc > 2) print(&total, "total");
  return failed;
}
