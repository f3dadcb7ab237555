import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Callable, createRuntime, type RunOptions, type Runtime, type RuntimeOptions } from '../../src/index.ts';
import type { Lab } from './row.ts';
import { sleep } from './sleep.ts';

/** A runtime as a user makes one, with ledger and gate, and nothing of this machine in it. */
export async function openRuntime(lab: Lab, options: Pick<RuntimeOptions, 'spare' | 'record'> = {}): Promise<Runtime> {
  const home = await mkdtemp(join(lab.folder, 'home-'));
  return createRuntime({ ...options, home, env: { PATH: process.env['PATH'] } });
}

export interface SkillText {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** Lines under `[executable]`, such as `reuse = true`. */
  readonly executable?: readonly string[];
}

/** Writes a skill around a module. @returns its folder */
export async function writeSkill(lab: Lab, { id, bytes, executable = [] }: SkillText): Promise<string> {
  const folder = await mkdtemp(join(lab.folder, 'skill-'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin/guest.wasm'), bytes);
  const manifest = [
    '[skill]',
    `id = "${id}"`,
    'name = "Bench"',
    'description = "A guest that is measured."',
    'version = "0.1.0"',
    'api_version = "1.0"',
    '[executable]',
    'module = "bin/guest.wasm"',
    ...executable,
  ];
  await writeFile(join(folder, 'skill.toml'), `${manifest.join('\n')}\n`);
  return folder;
}

/** Calls a tool that was found before. @throws Error when it fails: a bench of failures would be fast */
export async function callTool(runtime: Runtime, callable: Callable, options: RunOptions): Promise<unknown> {
  const result = await runtime.call(callable, options);
  if (!result.ok) throw result.error;
  return result.result;
}

/** The time of each of `batch` calls made one after the other, in milliseconds; with a pause before each, if any. */
export async function timeEach(batch: number, call: () => Promise<unknown>, pauseMs = 0): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < batch; i++) {
    if (pauseMs > 0) await sleep(pauseMs);
    const started = performance.now();
    await call();
    times.push(performance.now() - started);
  }
  return times;
}
