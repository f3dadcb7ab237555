import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './support.ts';

// It comes with jco, which this package depends on.
const TOOLCHAIN = join(ROOT, 'node_modules/@bytecodealliance/componentize-js');

interface Toolchain {
  componentize(options: {
    readonly sourcePath: string;
    readonly witWorld: string;
    readonly worldName: string;
  }): Promise<{ readonly component: Uint8Array }>;
}

/**
 * A JavaScript guest of the fixtures, made by componentize-js. That takes long, so it is kept until its source, its world
 * or its toolchain changes.
 */
export async function javascriptGuest(name: string, witWorld: string): Promise<Uint8Array> {
  const sourcePath = join(ROOT, 'test/fixtures/guests', `${name}.js`);
  const digest = createHash('sha256').update(witWorld);
  for (const input of [sourcePath, join(TOOLCHAIN, 'package.json')]) digest.update(readFileSync(input));
  const folder = join(ROOT, 'node_modules/.cache/skillhost-guests');
  const kept = join(folder, `${name}-${digest.digest('hex').slice(0, 32)}.wasm`);
  try {
    return readFileSync(kept);
  } catch {
    const toolchain = (await import(pathToFileURL(join(TOOLCHAIN, 'src/componentize.js')).href)) as Toolchain;
    const { component } = await toolchain.componentize({ sourcePath, witWorld, worldName: name });
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, component);
    renameSync(`${kept}.${process.pid}`, kept);
    return component;
  }
}
