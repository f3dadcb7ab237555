import { ask, startChild } from './kit/child.ts';
import { type Entry, openContest } from './kit/contest.ts';
import { compiled, readGuest } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { JCO, transpile, writeCores } from './peer/jco.ts';

const OURS = 'linker and ABI';
const ENCODED = 'linker, ABI, and the message encoded';
/** Enough for either side to take some milliseconds. */
const CALLS = { ours: 50_000, peer: 1_000 };

export const hostImport: Row = {
  id: 'host-import',
  promise: 'what a host import costs in the guest before it leaves the process',
  unit: 'ns',
  seconds: { tiny: 0, short: 3, full: 20 },
  comparisons: [
    { ours: OURS, peer: JCO, statistic: 'p50', target: { atMost: 1 / 50 } },
    { ours: ENCODED, peer: JCO, statistic: 'p50' },
  ],
  notes: [
    'The same component calls the same import in a loop; on both sides the host function behind the glue does nothing. The second line adds what only ours has to do: writing the request as bytes for the pipe.',
  ],
  open: (lab) =>
    openContest(
      lab,
      [openSelf(OURS, 'linker'), openSelf(ENCODED, 'encoded')],
      [{ names: [JCO], open: () => openGlue(lab) }],
    ),
};

/** Each in a process of its own: engines compile shared code for whoever used it first. */
function openChild(name: string, isOurs: boolean, { args, times }: { args: readonly string[]; times: number }): Entry {
  const child = startChild(compiled('kit/import-child.js'), args);
  const sample = async (): Promise<number[]> => [await ask<number>(child, times)];
  return { contenders: [{ name, isOurs, sample }], close: () => void child.kill('SIGKILL') };
}

const openSelf = (name: string, side: 'linker' | 'encoded') => (): Promise<Entry> =>
  Promise.resolve(openChild(name, true, { args: [side], times: CALLS.ours }));

async function openGlue(lab: Lab): Promise<Entry> {
  const glue = await transpile(lab, readGuest('host-calls.wasm'));
  return openChild(JCO, false, { args: [glue.url, await writeCores(lab, glue)], times: CALLS.peer });
}
