import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importPeer, PeerMissing } from './contest.ts';
import { PACKAGE } from './places.ts';

interface Toolchain {
  componentize(options: {
    readonly sourcePath: string;
    readonly witWorld: string;
    readonly disableFeatures: readonly string[];
  }): Promise<{ readonly component: Uint8Array }>;
}

/** What `programs.js` exports. */
export const PROGRAMS = ['calls', 'numbers', 'objects', 'text'];
const WORLD = `package bench:programs; world programs {${PROGRAMS.map((name) => ` export ${name}: func(repeat: s32) -> s32;`).join('')} }`;
const FEATURES = ['random', 'stdio', 'clocks', 'http', 'fetch-event'];

/**
 * `programs.js` as a component with a JavaScript engine inside, made by componentize-js. That takes half a minute, so it is
 * kept. @returns its file @throws PeerMissing
 */
export async function buildJavascriptGuest(): Promise<string> {
  const sourcePath = join(PACKAGE, 'bench/workload/programs.js');
  const require = createRequire(import.meta.url);
  const jco = await importPeer('@bytecodealliance/jco', '1.35.0', () =>
    Promise.resolve(require.resolve('@bytecodealliance/jco')),
  );
  // It comes with jco, and lies beside it.
  const entry = join(dirname(jco), '../../componentize-js/src/componentize.js');
  if (!(await exists(entry))) throw new PeerMissing('componentize-js does not lie beside jco');
  const digest = createHash('sha256')
    .update(WORLD)
    .update(entry)
    .update(await readFile(sourcePath));
  const folder = join(PACKAGE, 'node_modules/.cache/skillhost-bench');
  const kept = join(folder, `programs-${digest.digest('hex').slice(0, 32)}.wasm`);
  if (await exists(kept)) return kept;
  const toolchain = (await import(pathToFileURL(entry).href)) as Toolchain;
  const { component } = await toolchain.componentize({ sourcePath, witWorld: WORLD, disableFeatures: FEATURES });
  await mkdir(dirname(kept), { recursive: true });
  await writeFile(`${kept}.${process.pid}`, component);
  await rename(`${kept}.${process.pid}`, kept);
  return kept;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
