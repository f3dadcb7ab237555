import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SkillError } from '../../host/index.ts';

/** The source of a module, by its language. */
export interface Guest {
  readonly language: 'javascript' | 'assemblyscript' | 'c' | 'rust';
  /** The skill's folder. */
  readonly folder: string;
  /** Relative to it, with `/`; where the compiler begins. */
  readonly entry: string;
  /** All files the compiler is told of. */
  readonly sources: readonly string[];
}

const ENTRIES = [
  ['guest/index.ts', 'javascript'],
  ['guest/index.js', 'javascript'],
  ['assembly/index.ts', 'assemblyscript'],
  ['guest/main.rs', 'rust'],
] as const;

/**
 * What is to be compiled in the folder of a skill, by where it lies: `guest/index.ts` or `.js`, `assembly/index.ts`,
 * `guest/main.rs`, or C in `guest/`. @returns undefined when there is nothing @throws SkillError E_USAGE for two of them
 */
export function findGuest(folder: string): Guest | undefined {
  const names = ['guest', 'assembly'].flatMap((one) => namesIn(folder, one));
  const c = names.filter((name) => name.startsWith('guest/') && name.endsWith('.c'));
  const found: Guest[] = ENTRIES.filter(([entry]) => names.includes(entry)).map(([entry, language]) => ({
    language,
    folder,
    entry,
    sources: [entry],
  }));
  const [first] = c;
  if (first !== undefined) found.push({ language: 'c', folder, entry: first, sources: c });
  const [guest, second] = found;
  if (second === undefined) return guest;
  throw new SkillError('E_USAGE', `there are two guests: ${guest?.entry} and ${second.entry}`, {
    hint: 'a skill has one module: remove one of them',
  });
}

function namesIn(folder: string, inner: string): string[] {
  try {
    const entries = readdirSync(join(folder, inner), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => `${inner}/${name}`)
      .toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
