// Builds bench/guest/*.wasm from the text beside it. The binaries are committed, because an installed package brings no jco.
// With --check nothing is written: exit 1 when a committed file is not what its text gives.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco';

const FOLDER = join(import.meta.dirname, '../bench/guest');

for (const name of (await readdir(FOLDER)).filter((file) => file.endsWith('.wat')).toSorted()) {
  const output = join(FOLDER, name.replace(/\.wat$/, '.wasm'));
  const bytes = await parse(await readFile(join(FOLDER, name), 'utf8'));
  if (!process.argv.includes('--check')) await writeFile(output, bytes);
  else if (!(await readFile(output)).equals(bytes)) {
    console.error(`rebuild-bench: the binary of ${name} is not what it gives; run node scripts/rebuild-bench.mjs`);
    process.exitCode = 1;
  }
}
