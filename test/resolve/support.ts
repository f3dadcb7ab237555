import type { Candidate, Need, Resolution } from '../../src/resolve/candidate.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { SkillError } from '../../host/index.ts';

type Needs = Readonly<Record<string, string | Partial<Need>>>;

interface More {
  readonly features?: Readonly<Record<string, boolean>>;
  readonly provides?: Readonly<Record<string, string>>;
}

/** `make('custom.app@1.0.0', { 'custom.lib': '^1' })` */
export function make(name: string, needs: Needs = {}, { features = {}, provides = {} }: More = {}): Candidate {
  const [id = '', version = ''] = name.split('@');
  const dependencies = Object.entries(needs).map(([needed, need]): Need => {
    const plain = { id: needed, range: '*', optional: false, features: [] };
    return typeof need === 'string' ? { ...plain, range: need } : { ...plain, ...need };
  });
  return {
    id,
    version,
    dependencies,
    features: new Map(Object.entries(features)),
    provides: new Map(Object.entries(provides)),
  };
}

export function solve(
  roots: readonly Candidate[],
  known: readonly Candidate[],
  prefer: Readonly<Record<string, string>> = {},
): Promise<Resolution> {
  return resolve(roots, {
    versionsOf: (id) => Promise.resolve(known.filter((one) => one.id === id || one.provides.has(id))),
    signal: new AbortController().signal,
    prefer: new Map(Object.entries(prefer)),
  });
}

/** `id@version` of all that was chosen. */
export function names(resolution: Resolution): readonly string[] {
  return [...resolution.values()].map(({ candidate }) => `${candidate.id}@${candidate.version}`);
}

export async function refusal(act: () => Promise<unknown>): Promise<SkillError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof SkillError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
