// A process that runs one call through jco's glue and ends: node glue-child.js URL FOLDER_OF_CORES NAME INPUT
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCores, type GlueModule } from './jco.ts';

const [url = '', folder = '', name = '', input = ''] = process.argv.slice(2);
const { instantiate } = (await import(url)) as GlueModule;
const cores = Object.fromEntries(
  readdirSync(folder).map((path) => [path, Uint8Array.from(readFileSync(join(folder, path)))]),
);
process.stdout.write(String(instantiate(await compileCores({ cores }), {})[name]?.(input)));
