import { readCoreModule } from '../host/wasm/module.ts';
import { componentImports } from '../host/abi/interfaces.ts';
import { type GuestContext, OutputSink } from '../host/abi/context.ts';
import { instantiateComponent } from '../host/component/instantiate.ts';
import { parseComponent } from '../host/component/parse-component.ts';
import { frame } from '../host/wire/frame.ts';
import { type Entry, openContest } from './kit/contest.ts';
import { readGuest } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { compileCores, type GlueModule, JCO, transpile } from './peer/jco.ts';

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
      [
        () => openSelf(OURS, () => null),
        () => openSelf(ENCODED, (operation, ...args) => (frame([RUN, operation, args]), null)),
      ],
      [{ names: [JCO], open: () => openGlue(lab) }],
    ),
};

const RUN = '00000000-0000-4000-8000-000000000000';

async function openSelf(name: string, hostCall: GuestContext['hostCall']): Promise<Entry> {
  const bytes = readGuest('host-calls.wasm');
  const component = parseComponent(bytes);
  const modules = await Promise.all(
    component.modules.map(([start, end]) => {
      const core = bytes.subarray(start, end);
      readCoreModule(core);
      return WebAssembly.compile(core);
    }),
  );
  const { resolve } = componentImports(contextOf(hostCall));
  const call = instantiateComponent(component, modules, { resolve }).get('')?.get('call-host')?.call;
  return { contenders: [{ name, isOurs: true, sample: () => timePerCall(CALLS.ours, (times) => call?.(times)) }] };
}

async function openGlue(lab: Lab): Promise<Entry> {
  const glue = await transpile(lab, readGuest('host-calls.wasm'));
  const { instantiate } = (await import(glue.url)) as GlueModule;
  const imports = { 'skillhost:guest/log': { log: () => undefined } };
  const call = instantiate(await compileCores(glue), imports)['callHost'];
  return {
    contenders: [{ name: JCO, isOurs: false, sample: () => timePerCall(CALLS.peer, (times) => call?.(times)) }],
  };
}

/** @returns the nanoseconds of one of `times` host calls */
function timePerCall(times: number, call: (times: number) => unknown): Promise<number[]> {
  const started = process.hrtime.bigint();
  const made = call(times);
  const took = Number(process.hrtime.bigint() - started);
  if (made !== times) throw new Error(`${String(made)} of ${times} calls were made`);
  return Promise.resolve([took / times]);
}

function contextOf(hostCall: GuestContext['hostCall']): GuestContext {
  return {
    hostCall,
    args: [],
    stdin: new Uint8Array(),
    stdout: new OutputSink(0, 'output_kb'),
    stderr: new OutputSink(0, 'log_kb'),
    clock: { wall: () => 0, monotonic: () => 0n, sleepUntil: () => undefined },
    random: () => undefined,
    roots: [],
    messageBytes: 65_536,
  };
}
