import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from '../home/package.ts';

const WIT = join(PACKAGE, 'wit');

/**
 * A world together with the packages it may name, in every version there was, each as a block, the form in which one source
 * may hold several.
 */
export function treatiesBeside(world: string): string {
  const frozen = readdirSync(join(WIT, 'frozen')).map((file) => join(WIT, 'frozen', file));
  const blocks = [...frozen, join(WIT, 'tools.wit')].map((file) => {
    const text = readFileSync(file, 'utf8');
    return `${text.replace(/^package ([^;]+);$/m, 'package $1 {')}}\n`;
  });
  return [world, ...blocks].join('\n');
}
