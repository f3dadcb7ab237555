import { quote, SkillError } from '../../host/index.ts';
import { keyOf } from './candidate.ts';
import { type Cited, findCore } from './find-core.ts';
import { Linker, type Relaxed } from './link.ts';
import { type Found, type Outcome, search } from './search.ts';
import { providersOf, type Universe } from './universe.ts';

const MOST_TOLD = 12;

/** Why there is no answer: by the one rule without which there is one, or else by who asks for what. */
export function explain(universe: Universe, blamed: ReadonlySet<string>): SkillError {
  const core = findCore(universe, blamed);
  const used = new Set(core.map(({ by, need }) => keyOf(by, need)));
  const without = (relaxed: Relaxed): Outcome => search(universe, { ...relaxed, ignored: othersThan(universe, used) });
  const circular = without({ cycles: true });
  if (circular.found !== undefined) return cycle(findCycle(universe, circular), core);
  if (without({ ambiguity: true }).found !== undefined) return ambiguous(universe, core);
  if (without({ features: true }).found !== undefined) return noFeature(universe, core);
  return noVersion(universe, core);
}

function othersThan({ versions }: Universe, used: ReadonlySet<string>): ReadonlySet<string> {
  const all = [...versions].flatMap(([by, known]) =>
    known.flatMap(({ dependencies }) => dependencies.map((need) => keyOf(by, need))),
  );
  return new Set(all.filter((key) => !used.has(key)));
}

function ambiguous(universe: Universe, core: readonly Cited[]): SkillError {
  const open = core.find(({ need }) => !universe.possible.has(need.id) && providersOf(universe, need).length > 1);
  const providers = open === undefined ? [] : providersOf(universe, open.need);
  return new SkillError('E_AMBIGUOUS', `${tell(core)}; ${listed(providers)} provide it, and none of them is chosen`, {
    hint: `choose one: skill add ${providers[0] ?? ''} first, or another of them`,
    details: { reason: 'several_providers', providers, chain: chainOf(core) },
  });
}

function cycle(path: readonly string[], core: readonly Cited[]): SkillError {
  return new SkillError('E_CONFLICT', `skills need each other in a circle: ${path.join(' needs ')}`, {
    hint: 'the author of one of them removes a dependency, or makes it optional',
    details: { reason: 'cycle', path, chain: chainOf(core) },
  });
}

function noFeature(universe: Universe, core: readonly Cited[]): SkillError {
  const asking = core.filter(({ need }) => need.features.length > 0);
  const has = (name: string, id: string): boolean =>
    (universe.versions.get(id) ?? []).some(({ features }) => features.has(name));
  const nowhere = asking.flatMap(({ need }) =>
    need.features
      .filter((name) => !has(name, need.id))
      .map((name) => `no version of ${quote(need.id)} has ${quote(name)}`),
  );
  const why = nowhere[0] ?? 'no version that fits has them';
  return new SkillError('E_CONFLICT', `${tell(core)}; ${why}`, {
    hint: 'its author asks for a feature that is there, or for a version that has it',
    details: { reason: 'no_feature', chain: chainOf(core) },
  });
}

function noVersion(universe: Universe, core: readonly Cited[]): SkillError {
  const nowhere = core.find(({ need }) => isNowhere(universe, need.id));
  if (nowhere !== undefined) return notFound(nowhere, core);
  return new SkillError('E_CONFLICT', `${tell(core)}; ${whyNone(universe, core)}`, {
    hint: 'add a version of one of them that asks for less, or remove the one you need less',
    details: { reason: 'no_version', chain: chainOf(core) },
  });
}

function isNowhere({ possible }: Universe, id: string): boolean {
  return !possible.has(id) && ![...possible.values()].flat().some(({ provides }) => provides.has(id));
}

function notFound({ by, versions, need }: Cited, core: readonly Cited[]): SkillError {
  const message =
    core.length === 1
      ? `${wanted(need)} is needed by ${nameOf(by, versions)} and is not installed; no registry has it`
      : `${tell(core)}; ${quote(need.id)} is not installed, and no registry has it`;
  return new SkillError('E_NOT_FOUND', message, {
    hint: `install it first: skill add followed by where ${quote(need.id)} is, or add both in one command; or configure a registry that has it`,
    details: { reason: 'no_version', missing: need.id, chain: chainOf(core) },
  });
}

function whyNone(universe: Universe, core: readonly Cited[]): string {
  const targets = new Set(core.map(({ need }) => need.id));
  for (const id of targets) {
    const asking = core.filter(({ need }) => need.id === id);
    const known = universe.versions.get(id) ?? [];
    if (known.some((one) => asking.every(({ need }) => universe.fits.asItself(one, need)))) continue;
    if (known.length === 0) return `nothing provides ${quote(id)} in that version`;
    if (asking.length > 1) return asking.length === 2 ? 'no version is both' : `no version is all ${asking.length}`;
    return `there is only ${quote(id)} ${listed(known.map(({ version }) => version))}`;
  }
  return 'not all of that can be';
}

/** The ids of a circle, the first again at the end. */
function findCycle(universe: Universe, { found, settled }: Found): readonly string[] {
  const linker = new Linker(universe, {});
  const done = new Set<string>();
  const walk = (id: string, path: readonly string[]): readonly string[] | undefined => {
    const start = path.indexOf(id);
    if (start >= 0) return [...path.slice(start), id];
    const candidate = found.get(id);
    if (done.has(id) || candidate === undefined) return undefined;
    const open = [...settled].flatMap(([{ by }, target]) => (by === candidate ? [target] : []));
    for (const target of [...linker.of(candidate).firm.map((link) => link.target), ...open]) {
      const closed = walk(target, [...path, id]);
      if (closed !== undefined) return closed;
    }
    done.add(id);
    return undefined;
  };
  for (const id of [...found.keys()].toSorted()) {
    const closed = walk(id, []);
    if (closed !== undefined) return closed;
  }
  return [];
}

function tell(core: readonly Cited[]): string {
  const sentences = core
    .slice(0, MOST_TOLD)
    .map(
      ({ by, versions, need }) => `${nameOf(by, versions)} ${versions.length === 1 ? 'needs' : 'need'} ${wanted(need)}`,
    );
  const more = core.length > MOST_TOLD ? `, and ${core.length - MOST_TOLD} more` : '';
  return `${sentences.join(', and ')}${more}`;
}

function chainOf(core: readonly Cited[]): readonly object[] {
  return core.map(({ by, versions, need }) => ({
    by,
    versions,
    id: need.id,
    range: need.range,
    features: need.features,
  }));
}

function wanted({ id, range, features }: Cited['need']): string {
  const plain = `${id} ${range}`;
  const escaped = quote(plain, 400);
  const text = escaped === `"${plain}"` ? plain : escaped;
  return features.length === 0 ? text : `${text} with ${listed(features.map((name) => quote(name)))}`;
}

function nameOf(id: string, versions: readonly string[]): string {
  if (versions.length === 1) return `${id} ${versions[0]}`;
  return versions.length === 2 ? `${id} ${versions.join(' and ')}` : `${id} ${versions[0]} to ${versions.at(-1)}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10);
  if (names.length > shown.length) return `${shown.join(', ')} and ${names.length - shown.length} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
