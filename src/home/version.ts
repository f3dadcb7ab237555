import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The version of skillhost that is running. */
export function readVersion(): string {
  const file = createRequire(import.meta.url).resolve('skillhost/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
