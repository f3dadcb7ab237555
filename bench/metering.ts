import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { guestProgram } from '../host/supervisor/guest-flags.ts';
import { ask, startChild } from './kit/child.ts';
import { judge } from './kit/compare.ts';
import { openContest, PeerMissing } from './kit/contest.ts';
import { buildJavascriptGuest, PROGRAMS } from './kit/javascript-guest.ts';
import type { Asked, Ran } from './kit/metered-child.ts';
import { compiled, PACKAGE } from './kit/places.ts';
import type { Contender, Contest, Figure, Lab, Line, Row, Target } from './kit/row.ts';
import { geometricMean } from './kit/statistics.ts';

const HOT_LOOPS = ['mandelbrot', 'matmul', 'dot-simd', 'bytes'];
const C_WORKLOADS = [...HOT_LOOPS, 'quicksort', 'interpreter', 'sha256', 'json', 'regex', 'fib'];
const JAVASCRIPT = PROGRAMS.map((name) => `javascript ${name}`);

const GROUPS: readonly { readonly what: string; readonly names: readonly string[]; readonly target: Target }[] = [
  { what: 'ten C workloads', names: C_WORKLOADS, target: { atMost: 1.15 } },
  { what: 'hot loops', names: HOT_LOOPS, target: { atMost: 1.08 } },
  { what: 'JavaScript in StarlingMonkey', names: JAVASCRIPT, target: { atMost: 1.3 } },
];
/** How long one run of a workload takes, at least. */
const RUN_MS = { tiny: 1, short: 10, full: 25 };

const metered = (name: string): string => `${name}, metered`;
const raw = (name: string): string => `${name}, not metered`;

export const metering: Row = {
  id: 'metering',
  promise: 'metering on, against off',
  unit: 'µs',
  seconds: { tiny: 0, short: 10, full: 120 },
  comparisons: [...C_WORKLOADS, ...JAVASCRIPT].map((name) => ({
    ours: metered(name),
    peer: raw(name),
    statistic: 'p50',
  })),
  notes: [
    'One repetition of each workload, of as many as take some ten milliseconds. The same module with metering and without, in one process with the engine flags of a guest process. The hot loops are the four of the ten that call nothing. JavaScript runs in StarlingMonkey, built when the bench runs, in a full run only.',
  ],
  open,
  summarize: (figures) => GROUPS.map((group) => summarize(group, figures)),
};

async function open(lab: Lab): Promise<Contest> {
  const child = startMetered();
  const close = (): void => void child.kill('SIGKILL');
  const workloads = C_WORKLOADS.map((name) => ({
    name,
    path: join(PACKAGE, 'bench/workload', `${name}.wasm`),
    run: 'run',
  }));
  return openContest(
    lab,
    [async () => ({ contenders: await prepareAll(child, workloads, lab), close })],
    [
      {
        names: JAVASCRIPT.flatMap((name) => [metered(name), raw(name)]),
        open: async () => {
          if (lab.mode !== 'full') throw new PeerMissing('it takes long: only in a full run');
          const path = await buildJavascriptGuest();
          const programs = PROGRAMS.map((run) => ({ name: `javascript ${run}`, path, run }));
          return { contenders: await prepareAll(child, programs, lab) };
        },
      },
    ],
  );
}

/** A process with the flags of a guest process that concern the engine; what it may read is not what is measured. */
function startMetered(): ChildProcess {
  const flags = guestProgram().args.filter((arg) => /^--(?!allow-|permission|experimental-permission)/.test(arg));
  return startChild(compiled('kit/metered-child.js'), [], flags);
}

interface Workload {
  readonly name: string;
  readonly path: string;
  /** The function to call. */
  readonly run: string;
}

async function prepareAll(child: ChildProcess, workloads: readonly Workload[], lab: Lab): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const workload of workloads) contenders.push(...(await prepare(child, workload, lab)));
  return contenders;
}

/** Finds how often a workload must repeat itself to take long enough, and that metering changes nothing it computes. */
async function prepare(child: ChildProcess, { name, path, run }: Workload, { mode }: Lab): Promise<Contender[]> {
  await ask<Ran>(child, { op: 'load', path });
  const asked = (repeat: number, isMetered: boolean): Asked => ({
    op: 'run',
    path,
    name: run,
    repeat,
    metered: isMetered,
  });
  let repeat = 1;
  // Three in a row: the first ones run before the engine has compiled the code for good.
  for (let enough = 0; enough < 3;) {
    if ((await ask<Ran>(child, asked(repeat, false))).ms >= RUN_MS[mode]) enough++;
    else [repeat, enough] = [repeat * 2, 0];
  }
  const [plain, counted] = [await ask<Ran>(child, asked(repeat, false)), await ask<Ran>(child, asked(repeat, true))];
  if (plain.result !== counted.result) throw new Error(`${name} computes something else when it is metered`);
  return [true, false].map((isMetered) => ({
    name: (isMetered ? metered : raw)(name),
    isOurs: isMetered,
    sample: async () => [((await ask<Ran>(child, asked(repeat, isMetered))).ms / repeat) * 1000],
  }));
}

/** What metering costs a group: the geometric mean of its ratios. */
function summarize({ what, names, target }: (typeof GROUPS)[number], figures: ReadonlyMap<string, Figure>): Line {
  const ratios = names.map(
    (name) => (figures.get(metered(name))?.p50 ?? Number.NaN) / (figures.get(raw(name))?.p50 ?? Number.NaN),
  );
  const isWhole = ratios.every(Number.isFinite);
  const ratio = isWhole ? geometricMean(ratios) : null;
  return {
    ours: `${what}, metered`,
    peer: 'not metered',
    statistic: 'geometric mean',
    unit: 'x',
    oursValue: ratio,
    peerValue: isWhole ? 1 : null,
    ratio,
    target,
    verdict: ratio === null ? 'not measured' : judge(ratio, target),
    reason: ratio === null ? 'not all of it was measured' : null,
  };
}
