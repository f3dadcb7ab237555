import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from '../home/package.ts';

const FILES = ['skillhost.wit', 'tools.wit'];

/** A world together with the packages it may name, each as a block, the form in which one source may hold several. */
export function treatiesBeside(world: string): string {
  const blocks = FILES.map((file) => {
    const text = readFileSync(join(PACKAGE, 'wit', file), 'utf8');
    return `${text.replace(/^package ([^;]+);$/m, 'package $1 {')}}\n`;
  });
  return [world, ...blocks].join('\n');
}
