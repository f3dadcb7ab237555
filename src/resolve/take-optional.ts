import { SkillError } from '../../host/index.ts';
import { byText, type Candidate, keyOf, type Need } from './candidate.ts';
import { type Found, search } from './search.ts';
import { tooHard } from './too-hard.ts';
import type { Universe } from './universe.ts';

const MOST_TRIED = 1_000;
const BUDGET_OF_ONE = 20_000;

/**
 * Adds what is optional, one after the other in order, where it goes with all that was chosen before: it never changes a
 * choice, and never makes anything fail.
 */
export function takeOptional(universe: Universe, base: Found): Found {
  const tried = new Set<string>();
  let result = base;
  for (let next = nextOptional(result, tried); next !== undefined; next = nextOptional(result, tried)) {
    tried.add(next.key);
    if (tried.size > MOST_TRIED) throw tooHard(`more than ${MOST_TRIED} optional skills could be part of it`);
    result = tryWith(universe, result, next) ?? result;
  }
  return result;
}

interface Optional {
  readonly key: string;
  readonly by: Candidate;
  readonly need: Need;
}

function nextOptional({ found }: Found, tried: ReadonlySet<string>): Optional | undefined {
  for (const by of [...found.values()].toSorted((a, b) => byText(a.id, b.id))) {
    for (const need of by.dependencies.toSorted((a, b) => byText(a.id, b.id))) {
      const key = keyOf(by.id, need);
      if (need.optional && !tried.has(key)) return { key, by, need };
    }
  }
  return undefined;
}

function tryWith(universe: Universe, { found }: Found, { by, need }: Optional): Found | undefined {
  const dependencies = by.dependencies.map((one) => (one === need ? { ...need, optional: false } : one));
  const fixed = new Map([...found, [by.id, { ...by, dependencies }] as const]);
  const versions = new Map([...universe.versions, ...[...fixed].map(([id, one]) => [id, [one]] as const)]);
  const roots = [...fixed.values()];
  try {
    const outcome = search({ ...universe, roots, versions }, {}, BUDGET_OF_ONE + roots.length);
    return outcome.found === undefined ? undefined : outcome;
  } catch (error) {
    if (error instanceof SkillError && error.details?.['reason'] === 'too_hard') return undefined;
    throw error;
  }
}
