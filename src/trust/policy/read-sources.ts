import type { Fields } from './fields.ts';
import { specificity } from './find-rule.ts';
import { globsOverlap } from './match-glob.ts';
import { REQUIREMENTS, type SourceRule } from './policy.ts';

const MAX_MATCH = 256;
const MAX_SIGNERS = 64;

/** Reads the rules per source. @throws SkillError E_USAGE, also when two rules could both decide about one source */
export function readSources(tables: readonly Fields[], names: ReadonlySet<string>): SourceRule[] {
  const rules: SourceRule[] = [];
  for (const fields of tables) {
    const rule = readRule(fields, names);
    const rival = rules.find((other) => isTie(other, rule));
    if (rival !== undefined) {
      const hint = `make one of it and ${JSON.stringify(rival.match)} more specific`;
      throw fields.fault('match', 'ties with another rule over the same sources', hint);
    }
    rules.push(rule);
  }
  return rules;
}

function readRule(fields: Fields, names: ReadonlySet<string>): SourceRule {
  fields.allow(['match', 'require', 'signers', 'threshold']);
  const match = fields.text('match', MAX_MATCH);
  const require = fields.choice('require', REQUIREMENTS);
  const signers = fields.has('signers') ? readNames(fields, names) : undefined;
  const threshold = fields.optionalCount('threshold', MAX_SIGNERS) ?? 1;
  if (require !== 'signature' && (signers !== undefined || fields.has('threshold'))) {
    throw fields.fault('require', 'asks for no signature, but the rule says by whom', 'write require = "signature"');
  }
  const possible = signers?.length ?? names.size;
  if (require === 'signature' && threshold > possible) {
    throw fields.fault('threshold', `is over the ${possible} signers there are`, 'lower it, or name more signers');
  }
  return { match, require, signers, threshold };
}

function readNames(fields: Fields, names: ReadonlySet<string>): string[] {
  const signers: string[] = [];
  for (const name of fields.list('signers', MAX_SIGNERS)) {
    if (typeof name !== 'string' || !names.has(name)) {
      throw fields.fault(
        'signers',
        'names no key or identity of this file',
        'add it to trust.keys or trust.identities',
      );
    }
    if (signers.includes(name)) throw fields.fault('signers', `names ${name} twice`, 'remove one');
    signers.push(name);
  }
  if (signers.length === 0) throw fields.fault('signers', 'is empty', 'name one, or remove the field');
  return signers;
}

function isTie(one: SourceRule, other: SourceRule): boolean {
  return specificity(one) === specificity(other) && globsOverlap(one.match, other.match);
}
