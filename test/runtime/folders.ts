import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assemble, GUESTS, reach } from './guests.ts';

export { scratch } from '../fixtures/scratch.ts';

/** Writes files below a directory. */
export function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, contents] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
}

export type Guest = keyof typeof GUESTS | 'reach';

export function guest(name: Guest): Promise<Uint8Array> {
  return assemble(name === 'reach' ? reach() : GUESTS[name]);
}

/** The head of a manifest, with what a test adds to it. */
export function manifest(id: string, rest = ''): string {
  return `[skill]
id = "${id}"
name = "Sample"
description = "A sample"
version = "1.2.3"
api_version = "1.0"
${rest}`;
}

/** Writes a skill with a module; `rest` follows the section `[executable]`. */
export async function writeSkill(
  dir: string,
  of: { readonly id: string; readonly guest: Guest; readonly head?: string; readonly rest?: string },
): Promise<string> {
  const { id, head = '', rest = '' } = of;
  write(dir, {
    'skill.toml': manifest(id, `${head}\n[executable]\nmodule = "bin/guest.wasm"\n${rest}`),
    'bin/guest.wasm': await guest(of.guest),
    'README.md': '# Sample\n',
    LICENSE: 'Apache-2.0\n',
  });
  return dir;
}
