// A command: the words in skill.toml are its arguments, what it prints is the result.
#include <stdio.h>

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s NAME\n", argv[0]);
    return 2;
  }
  printf("Hello, %s!\n", argv[1]);
  return 0;
}
