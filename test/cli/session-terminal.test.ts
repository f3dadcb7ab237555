import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifest, scratch, write } from '../runtime/folders.ts';
import { skill } from './support.ts';
import { type Answer, atTerminal, hasScript } from './at-terminal.ts';

const root = scratch();
write(root, {
  'calc/skill.toml': manifest(
    'custom.calc',
    `[capabilities]
terminal_exec = { allowed = true, commands = ["bash"] }
[[tools]]
name = "shell"
description = "Runs shell code in a session"
type = "code_session"
command = "bash"
`,
  ),
});

const attach = (answers: readonly Answer[]): ReturnType<typeof atTerminal> =>
  atTerminal(['session', 'attach', './calc', '--grant', 'terminal_exec=bash', '--session', 'sums'], answers, {
    cwd: root,
    home: join(root, 'home'),
  });

const INTERRUPT = '\u0003';
const END_OF_INPUT = '\u0004';

describe('skill session send [R-LIMIT-1]', () => {
  it('is held to the limits that it names', async () => {
    const words = [
      'session',
      'send',
      './calc',
      'sleep 60',
      '--grant',
      'terminal_exec=bash',
      '--limit',
      'timeout_ms=300',
    ];
    const { code, stderr } = await skill(words, { cwd: root, home: join(root, 'home') });
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('timeout_ms = 300') });
  });
});

describe.skipIf(!hasScript)('a session at a terminal [only where script(1) is] [R-SESSION-6]', () => {
  it('answers line by line, remembers, and ends with the input', async () => {
    const { code, screen } = await attach([
      [/sums>$/, 'total=41\r'],
      [/sums>.*\n.*sums>$/s, 'echo "it is $((total + 1))"\r'],
      [/it is 42\n.*sums>$/s, END_OF_INPUT],
    ]);
    expect({ code, screen }).toEqual({ code: 0, screen: expect.stringContaining('it is 42') });
  });

  it('takes a line that ends in a backslash with the next, and goes on after a failure', async () => {
    const { code, screen } = await attach([
      [/sums>$/, 'for i in a b; do echo "<$i>"; \\\r'],
      [/sums>.*\n.*sums>$/s, 'done; false\r'],
      [/<b>.*sums>$/s, 'echo again\r'],
      [/\nagain\n.*sums>$/s, END_OF_INPUT],
    ]);
    expect(screen).toMatch(/<a>\n<b>/);
    expect(code).toBe(0);
  });

  it('is interrupted by Ctrl-C in what it runs, begun anew after, and left by Ctrl-C at its prompt', async () => {
    const { code, screen } = await attach([
      [/sums>$/, 'echo begun; sleep 600\r'],
      [/sleep 600$/, INTERRUPT],
      [/E_ABORTED[^]*sums>$/, 'echo anew\r'],
      [/\nanew\n[^]*sums>$/, INTERRUPT],
    ]);
    expect({ code, screen }).toEqual({ code: 0, screen: expect.stringMatching(/E_ABORTED[^]*anew/) });
  });

  it('shows what its code prints as text', async () => {
    const { sent } = await attach([
      [/sums>$/, `printf '\\\\033[31mred'\r`],
      [/u\{1b\}|\\x1b|red.*sums>$/s, END_OF_INPUT],
    ]);
    expect(sent).not.toContain('\u001b[31m');
  });
});
