import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Entry, openContest } from './kit/contest.ts';
import { childrenOf } from './kit/processes.ts';
import { sleep } from './kit/sleep.ts';
import type { Lab, Row } from './kit/row.ts';
import { callTool, openRuntime } from './kit/self.ts';
import { SLUGIFY } from './warm-call.ts';

const SKILL = 'an idle skill';
const NODE = 'a bare node process';
/** What it is said to have; what it has, shares being shared out; what nobody else has. */
const KINDS = { RSS: ['Rss'], PSS: ['Pss'], USS: ['Private_Clean', 'Private_Dirty'] } as const;
type Kind = keyof typeof KINDS;
const named = (who: string, kind: Kind): string => `${who}, ${kind}`;

/** So long nothing is asked of it before it counts as idle. */
const IDLE_MS = { tiny: 100, short: 2_000, full: 5_000 };

export const idleMemory: Row = {
  id: 'idle-memory',
  promise: 'memory per idle isolated skill',
  unit: 'MB',
  seconds: { tiny: 0, short: 1, full: 5 },
  comparisons: [
    { ours: named(SKILL, 'RSS'), peer: named(NODE, 'RSS'), statistic: 'p50', target: { atMost: 1.2 } },
    { ours: named(SKILL, 'PSS'), peer: named(NODE, 'PSS'), statistic: 'p50' },
    { ours: named(SKILL, 'USS'), peer: named(NODE, 'USS'), statistic: 'p50' },
  ],
  notes: [
    'A guest process with one worker and skills/text, after twenty calls, beside `node -e "setInterval(() => {}, 1e9)"`.',
    'The target is about RSS, as `ps` shows it: it does not depend on how many other Node processes the machine runs. What Node shares between its processes counts on both sides; PSS and USS say how much that hides.',
  ],
  open: (lab) => openContest(lab, [() => openSelf(lab)], [{ names: namesOf(NODE), open: () => openNode(lab) }]),
};

async function openSelf(lab: Lab): Promise<Entry> {
  const before = new Set(childrenOf(process.pid));
  const runtime = await openRuntime(lab, { spare: false });
  const tool = await runtime.find('tool.text', SLUGIFY.name);
  for (let i = 0; i < 20; i++) await callTool(runtime, tool, { input: { text: SLUGIFY.input } });
  const [pid] = childrenOf(process.pid).filter((child) => !before.has(child));
  if (pid === undefined) throw new Error('there is no guest process');
  await sleep(IDLE_MS[lab.mode]);
  return { contenders: contendersOf(SKILL, true, pid), close: () => runtime.close() };
}

async function openNode(lab: Lab): Promise<Entry> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['-e', 'process.send(0); process.disconnect(); setInterval(() => {}, 1e9)'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    },
  );
  await once(child, 'message');
  await sleep(IDLE_MS[lab.mode]);
  return { contenders: contendersOf(NODE, false, child.pid ?? 0), close: () => void child.kill('SIGKILL') };
}

function namesOf(who: string): string[] {
  return (Object.keys(KINDS) as Kind[]).map((kind) => named(who, kind));
}

function contendersOf(who: string, isOurs: boolean, pid: number): Entry['contenders'] {
  return (Object.keys(KINDS) as Kind[]).map((kind) => ({
    name: named(who, kind),
    isOurs,
    sample: () => Promise.resolve([readMemory(pid, kind)]),
  }));
}

/** In MB of 2^20 bytes. */
function readMemory(pid: number, kind: Kind): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kb = KINDS[kind].map((field) => Number(new RegExp(`^${field}: +(\\d+) kB`, 'm').exec(text)?.[1]));
  return kb.reduce((sum, one) => sum + one, 0) / 1024;
}
