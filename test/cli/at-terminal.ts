import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { screenOf } from './screen.ts';
import { MAIN } from './support.ts';

/** Whether a terminal can be had. */
export const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script');

/** One answer: what is typed once the screen shows something. */
export type Answer = readonly [shows: RegExp, types: string];

/** Runs the command at a terminal of 80 columns, at which somebody answers. */
export async function atTerminal(
  words: readonly string[],
  answers: readonly Answer[],
  { cwd, home }: { readonly cwd: string; readonly home: string },
): Promise<{ code: number; screen: string; sent: string }> {
  const command = ['stty cols 80 rows 40;', process.execPath, MAIN, ...words]
    .map((word) => (/^[\w./=;-]+$|^stty /.test(word) ? word : `'${word}'`))
    .join(' ');
  const child = spawn('/usr/bin/script', ['-qefc', command, '/dev/null'], {
    cwd,
    env: { ...process.env, SKILLHOST_HOME: home, TERM: 'xterm-256color', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let sent = '';
  const waiting = [...answers];
  child.stdout.on('data', (bytes: Buffer) => {
    sent += bytes.toString();
    const [next] = waiting;
    if (next === undefined || !next[0].test(screenOf(sent))) return;
    waiting.shift();
    child.stdin.write(next[1]);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, screen: screenOf(sent), sent };
}
