import { spawn } from 'node:child_process';
import { once } from 'node:events';

export const BARE_NODE = 'node -e 0';

/** Runs a program with Node to its end. @returns milliseconds @throws Error unless it ends with 0 */
export async function timeNode(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`exit code ${code}: ${errors.slice(0, 300)}`);
  return performance.now() - started;
}
