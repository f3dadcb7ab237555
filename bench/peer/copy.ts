import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program to its end, as `timeNode` does with Node. @returns milliseconds @throws Error unless it ends with 0 */
export async function timeProgram(program: string, args: readonly string[], cwd: string): Promise<number> {
  const started = performance.now();
  const child = spawn(program, args, { cwd, stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return performance.now() - started;
}
