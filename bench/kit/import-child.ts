// Measures what one host import costs before it leaves the process: node import-child.js linker|encoded|URL_OF_GLUE [CORES]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GuestContext } from '../../host/abi/context.ts';
import { componentImports } from '../../host/abi/interfaces.ts';
import { instantiateComponent } from '../../host/component/instantiate.ts';
import { parseComponent } from '../../host/component/parse-component.ts';
import { frame } from '../../host/wire/frame.ts';
import { compileCores, type GlueModule } from '../peer/jco.ts';
import { answerAll } from './child.ts';
import { NOBODY } from './nobody.ts';
import { readGuest } from './places.ts';

const RUN = '00000000-0000-4000-8000-000000000000';
const [side = '', folder = ''] = process.argv.slice(2);

async function linked(hostCall: GuestContext['hostCall']): Promise<(times: number) => unknown> {
  const bytes = readGuest('host-calls.wasm');
  const component = parseComponent(bytes);
  const modules: WebAssembly.Module[] = [];
  for (const [start, end] of component.modules) modules.push(await WebAssembly.compile(bytes.subarray(start, end)));
  const { resolve } = componentImports({ ...NOBODY, hostCall });
  const call = instantiateComponent(component, modules, { resolve }).get('')?.get('call-host')?.call;
  return (times) => call?.(times);
}

async function glued(): Promise<(times: number) => unknown> {
  const { instantiate } = (await import(side)) as GlueModule;
  const cores = Object.fromEntries(
    readdirSync(folder).map((path) => [path, Uint8Array.from(readFileSync(join(folder, path)))]),
  );
  const call = instantiate(await compileCores({ cores }), { 'skillhost:guest/log': { log: () => undefined } })[
    'callHost'
  ];
  return (times) => call?.(times);
}

const call =
  side === 'linker'
    ? await linked(() => null)
    : side === 'encoded'
      ? await linked((operation, ...args) => (frame([RUN, operation, args]), null))
      : await glued();

/** Answers the nanoseconds of one of so many host calls. */
answerAll((times: number) => {
  const started = process.hrtime.bigint();
  const made = call(times);
  const took = Number(process.hrtime.bigint() - started);
  if (made !== times) throw new Error(`${String(made)} of ${times} calls were made`);
  return took / times;
});
