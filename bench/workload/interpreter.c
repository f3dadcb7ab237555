#include "checksum.h"

enum { PUSH, LOAD, STORE, ADD, SUB, MUL, XOR, LESS, JUMP, JUMP_IF_NOT, DUP, SWAP, HALT };

/* for (i = 0; i < limit; i++) sum = (sum ^ i * 3) + i; with sum in variable 0, i in 1, limit in 2. */
static const u32 program[] = {
    LOAD, 1, LOAD, 2, LESS, JUMP_IF_NOT, 27,
    LOAD, 0, LOAD, 1, PUSH, 3, MUL, XOR, LOAD, 1, ADD, STORE, 0,
    LOAD, 1, PUSH, 1, ADD, JUMP, 28,
    HALT, STORE, 1, JUMP, 0,
};

static u32 execute(const u32 *code, u32 *variables) {
  u32 stack[32], *top = stack, at = 0, steps = 0;
  for (;;) {
    steps++;
    switch (code[at++]) {
      case PUSH: *top++ = code[at++]; break;
      case LOAD: *top++ = variables[code[at++]]; break;
      case STORE: variables[code[at++]] = *--top; break;
      case ADD: top--; top[-1] += top[0]; break;
      case SUB: top--; top[-1] -= top[0]; break;
      case MUL: top--; top[-1] *= top[0]; break;
      case XOR: top--; top[-1] ^= top[0]; break;
      case LESS: top--; top[-1] = top[-1] < top[0]; break;
      case JUMP: at = code[at]; break;
      case JUMP_IF_NOT: at = *--top ? at + 1 : code[at]; break;
      case DUP: *top = top[-1]; top++; break;
      case SWAP: { u32 under = top[-2]; top[-2] = top[-1]; top[-1] = under; break; }
      default: return steps;
    }
  }
}

/* A stack machine in a switch: 1,000 turns of a loop of its own, `repeat` times. */
EXPORT u32 run(u32 repeat) {
  u32 sum = 0;
  for (u32 round = 0; round < repeat; round++) {
    u32 variables[3] = {round, 0, 1000};
    sum = mix(sum, execute(program, variables));
    sum = mix(sum, variables[0]);
  }
  return sum;
}
