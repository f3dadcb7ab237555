import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { parseFormat } from '../context.ts';

export interface BenchFlags {
  readonly short?: boolean;
  readonly tiny?: boolean;
  readonly selfCheck?: boolean;
  readonly row: readonly string[];
  readonly format: string;
  readonly json?: boolean;
}

/** `skill bench`: measures the promised numbers in a process that does nothing else, and answers its exit code. */
export async function bench({ short, tiny, selfCheck, row, format, json }: BenchFlags): Promise<number> {
  const isJson = json === true || parseFormat(format, ['table', 'json']) === 'json';
  const program = createRequire(import.meta.url).resolve('#bench-main');
  const args = [
    ...(short === true ? ['--short'] : []),
    ...(tiny === true ? ['--tiny'] : []),
    ...(selfCheck === true ? ['--self-check'] : []),
    ...(isJson ? ['--json'] : []),
    ...row.map((id) => `--row=${id}`),
  ];
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: 'inherit' });
  // Ctrl-C reaches both; the bench ends what it started, and then this does.
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  const [code] = (await once(child, 'exit')) as [number | null];
  process.off('SIGINT', wait);
  return code ?? 130;
}
