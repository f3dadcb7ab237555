import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder of this package, whether it runs from dist/ or from source. */
export const PACKAGE = dirname(createRequire(import.meta.url).resolve('skillhost/package.json'));

/** The command, compiled. */
export const COMMAND = join(PACKAGE, 'dist/cli/skill.js');

export function readGuest(name: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(join(PACKAGE, 'bench/guest', name)));
}

/** The module of a bundled skill. */
export function readSkill(name: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(join(PACKAGE, 'skills', name, 'bin', `${name}.wasm`)));
}

/** A compiled file of the bench that runs as a program or a worker of its own. */
export function compiled(path: string): string {
  return join(PACKAGE, 'dist/bench', path);
}
