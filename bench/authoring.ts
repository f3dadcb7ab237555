import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beyond } from './kit/beyond.ts';
import { type Entry, openContest, PeerMissing, type Participant } from './kit/contest.ts';
import { COMMAND } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { timeProgram } from './peer/copy.ts';
import { timeNode } from './peer/node.ts';

const RELOADED = [
  { template: 'wasm-as', name: 'a save of AssemblyScript', file: 'assembly/index.ts' },
  { template: 'wasm-c', name: 'a save of C', file: 'guest/main.c' },
] as const;

export const hotReload: Row = {
  id: 'hot-reload',
  promise: 'a save, until `skill dev` serves it',
  unit: 'ms',
  seconds: { tiny: 0, short: 6, full: 30 },
  comparisons: RELOADED.map(({ name }) => ({ ours: name, statistic: 'p50', target: { atMost: 1_000 } })),
  notes: [
    'From the write of the file to the line that says `ready`, in a `skill dev` that has compiled once: the first compilation starts the compiler.',
  ],
  open: (lab) =>
    openContest(
      lab,
      RELOADED.map((one) => () => openReload(lab, one)),
    ),
};

async function openReload(lab: Lab, { template, name, file }: (typeof RELOADED)[number]): Promise<Entry> {
  const folder = await mkdtemp(join(lab.folder, 'dev-'));
  await timeNode([COMMAND, 'init', 'greeter', '--into', folder, '--template', template]);
  const path = join(folder, 'greeter', file);
  const source = await readFile(path, 'utf8');
  const child = spawn(process.execPath, [COMMAND, '--home', join(folder, 'home'), 'dev', join(folder, 'greeter')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const hear = listen(child);
  await hear('runs a tool');
  let saves = 0;
  async function sample(): Promise<number[]> {
    const started = performance.now();
    await writeFile(path, source.replace('Hello', `Hello ${++saves}`));
    await hear('ready: ');
    const took = performance.now() - started;
    await hear('tests: ');
    return [took];
  }
  const close = async (): Promise<void> => {
    child.stdin.end();
    await once(child, 'close');
  };
  return { contenders: [{ name, isOurs: true, sample }], close };
}

/** Waits for words in what a program says, after those that were waited for before. */
function listen(child: ChildProcess): (words: string) => Promise<void> {
  let said = '';
  let look = (): void => undefined;
  const hear = (bytes: Buffer): void => {
    said += bytes.toString();
    look();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  return (words) =>
    new Promise((resolve, reject) => {
      const onClose = (): void => reject(new Error(`it ended, and said: ${said.slice(-300)}`));
      child.once('close', onClose);
      look = () => {
        const at = said.indexOf(words);
        if (at === -1) return;
        said = said.slice(at + words.length);
        child.off('close', onClose);
        look = () => undefined;
        resolve();
      };
      look();
    });
}

const FIRST_RUN = 'init, build, test and run of a skill in C';
const CLANG = 'the compiler alone, started by Node';
const BEYOND = 'from nothing to a result, beyond the compiler';

export const firstRun: Row = {
  id: 'first-run',
  promise: 'from an empty folder to the result of a tool, beyond the compiler',
  unit: 'ms',
  seconds: { tiny: 0, short: 5, full: 30 },
  comparisons: [{ ours: FIRST_RUN, peer: CLANG, statistic: 'p50' }],
  notes: ['Four commands, each from spawn to exit, in a home that is empty. At most two seconds are promised.'],
  open: (lab) => openContest(lab, [() => openFirstRun(lab)], [compiler(lab)]),
  summarize: beyond({ name: BEYOND, ours: FIRST_RUN, peer: CLANG, unit: 'ms', target: { atMost: 2_000 } }),
};

async function openFirstRun(lab: Lab): Promise<Entry> {
  const sample = async (): Promise<number[]> => {
    const folder = await mkdtemp(join(lab.folder, 'first-'));
    const at = join(folder, 'greeter');
    let took = 0;
    for (const words of [
      ['init', 'greeter', '--into', folder, '--template', 'wasm-c'],
      ['build', at],
      ['test', at],
      ['run', at, 'greet', '--name', 'Ada'],
    ])
      took += await timeNode([COMMAND, '--home', join(folder, 'home'), ...words]);
    return [took];
  };
  await sample();
  return { contenders: [{ name: FIRST_RUN, isOurs: true, sample }] };
}

const compiler = (lab: Lab): Participant => ({
  names: [CLANG],
  async open() {
    const folder = await mkdtemp(join(lab.folder, 'clang-'));
    await timeNode([COMMAND, 'init', 'greeter', '--into', folder, '--template', 'wasm-c']);
    const args = ['--target=wasm32-wasi', '--sysroot=/usr', '-O2', 'guest/main.c', '-o', 'main.wasm'];
    const compile = (): Promise<number> => timeProgram('clang', args, join(folder, 'greeter'));
    await compile().catch(() => {
      throw new PeerMissing('clang for WebAssembly is not installed');
    });
    return { contenders: [{ name: CLANG, isOurs: false, sample: async () => [await compile()] }] };
  },
});
