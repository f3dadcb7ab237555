// Builds the AssemblyScript guests of the first-party skills: `skills/<name>/guest` becomes `skills/<name>/bin/<name>.wasm`.
// A guest with a `world.wit` becomes a component, one without an Extism plug-in. The same sources give the same bytes.
import { readdir, readFile, mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileCore, composeComponent } from '../dist/src/build/assembly-script.js';
import { openToolchain } from '../dist/src/build/toolchain.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What every guest is made from, besides its own folder. The lock stands for the compilers. */
const SHARED_INPUTS = ['skills/sdk-as', 'wit', 'src/build', 'scripts/build-skills.mjs', 'package-lock.json'];
const toolchain = openToolchain(join(ROOT, 'node_modules', '.cache'), console.log);

for (const name of await guestNames()) {
  const started = new Date();
  const output = `skills/${name}/bin/${name}.wasm`;
  const newestInput = Math.max(...(await Promise.all([`skills/${name}/guest`, ...SHARED_INPUTS].map(lastChange))));
  if ((await lastChange(output)) > newestInput) continue;
  const bytes = await build(name);
  await replaceFile(output, bytes, started);
  console.log(`built ${output} (${(bytes.length / 1024).toFixed(1)} KB)`);
}

/** The skills whose guest is written in AssemblyScript: the entry is called like the skill. */
async function guestNames() {
  const names = (await readdir(join(ROOT, 'skills'))).toSorted();
  const changes = await Promise.all(names.map((name) => lastChange(`skills/${name}/guest/${name}.ts`)));
  return names.filter((_, i) => changes[i] > 0);
}

/** When a file, or the newest file below a folder, last changed; 0 when there is none. */
async function lastChange(path) {
  const found = await stat(join(ROOT, path)).catch(orMissing);
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = await Promise.all((await readdir(join(ROOT, path))).map((entry) => lastChange(`${path}/${entry}`)));
  // The folder's own time tells of a deleted file.
  return Math.max(found.mtimeMs, ...inside);
}

function orMissing(error) {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

async function build(name) {
  const folder = `skills/${name}/guest`;
  const world = await readFile(join(ROOT, folder, 'world.wit'), 'utf8').catch(orMissing);
  const abort = world === undefined ? `${folder}/${name}/abort` : 'skills/sdk-as/abi/abort';
  const core = await compileCore({ folder: ROOT, entry: `${folder}/${name}.ts`, abort }, toolchain).catch(tell);
  return world === undefined ? core : composeComponent(core, world, toolchain);
}

/** What the compiler said is not in the message. */
function tell(error) {
  console.error(error.details?.said ?? '');
  throw error;
}

/**
 * In one step, so that whoever runs the skill meanwhile reads the old bytes or the new. The file is dated to when the build
 * began: a source saved while it was compiled is newer, and is built next time.
 */
async function replaceFile(path, bytes, date) {
  const target = join(ROOT, path);
  const temporary = `${target}.${process.pid}.tmp`;
  await mkdir(join(target, '..'), { recursive: true });
  try {
    await writeFile(temporary, bytes, { flag: 'wx' });
    await utimes(temporary, date, date);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}
