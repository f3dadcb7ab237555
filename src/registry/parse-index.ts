import { quote, SkillError } from '../../host/index.ts';
import { ARCHIVE_CEILINGS } from '../archive/ceilings.ts';
import { isDay } from '../calendar/moment.ts';
import {
  checkLabel,
  checkPackageName,
  checkRange,
  checkSkillId,
  checkVersion,
  normalizeRange,
} from '../manifest/text-checks.ts';
import { checkPath } from '../tree/check-path.ts';
import type { PublishedDependency, PublishedSkill, PublishedVersion, RegistryIndex } from './published.ts';

const FORMAT = 1;
const SUM = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;
const MOST = { skills: 100_000, versions: 1_000, keywords: 64, dependencies: 256 } as const;

/**
 * Reads the `index.json` of a registry. It counts as a whole or not at all: a registry that cannot write one entry cannot
 * be relied on for the others. Fields that are not known are left to later versions of the format.
 * @throws SkillError E_PACKAGE with the place in it
 */
export function parseIndex(bytes: Uint8Array, shown: string): RegistryIndex {
  const read = new Reader(shown);
  const root = read.json(bytes);
  if (root['skillhost'] !== FORMAT)
    throw read.fault('skillhost', `is not ${FORMAT}: this is no index of a registry, or one for a later skillhost`);
  const skills = Object.entries(read.table(root['skills'], 'skills', MOST.skills)).map(([id, value]) =>
    parseSkill(read, id, value),
  );
  return {
    updated: read.time(root['updated'], 'updated'),
    expires: root['expires'] === undefined ? undefined : read.time(root['expires'], 'expires'),
    skills: new Map(skills.map((skill) => [skill.id, skill])),
  };
}

function parseSkill(read: Reader, id: string, value: unknown): PublishedSkill {
  const at = `skills.${id}`;
  read.check(checkSkillId(id), at);
  const skill = read.table(value, at);
  const versions = Object.entries(read.table(skill['versions'], `${at}.versions`, MOST.versions)).map(
    ([version, one]) => parseVersion(read, { id, version }, one),
  );
  return {
    id,
    description: read.label(skill['description'], `${at}.description`),
    keywords: read
      .list(skill['keywords'] ?? [], `${at}.keywords`, MOST.keywords)
      .map((one, i) => read.label(one, `${at}.keywords[${i}]`)),
    versions: new Map(versions.map((one) => [one.version, one])),
  };
}

function parseVersion(
  read: Reader,
  { id, version }: { id: string; version: string },
  value: unknown,
): PublishedVersion {
  const at = `skills.${id}.versions.${version}`;
  read.check(checkVersion(version), at);
  const table = read.table(value, at);
  const archive = read.text(table['archive'], `${at}.archive`);
  const wrong = checkPath(archive);
  if (wrong !== undefined) throw read.fault(`${at}.archive`, wrong);
  const sha256 = read.text(table['sha256'], `${at}.sha256`);
  if (!SUM.test(sha256)) throw read.fault(`${at}.sha256`, 'is no sum in 64 small hexadecimal digits');
  const bytes = table['bytes'];
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 1 || bytes > ARCHIVE_CEILINGS.bytes)
    throw read.fault(`${at}.bytes`, `is no number of bytes from 1 to ${ARCHIVE_CEILINGS.bytes}`);
  const features = Object.entries(read.table(table['features'] ?? {}, `${at}.features`, MOST.dependencies));
  for (const [name] of features) read.label(name, `${at}.features`);
  const provides = Object.entries(read.table(table['provides'] ?? {}, `${at}.provides`, MOST.dependencies));
  return {
    version,
    archive,
    sha256,
    bytes,
    yanked: table['yanked'] !== undefined && table['yanked'] !== false,
    dependencies: Object.entries(read.table(table['dependencies'] ?? {}, `${at}.dependencies`, MOST.dependencies)).map(
      ([other, needed]) => parseDependency(read, `${at}.dependencies.${other}`, other, needed),
    ),
    features: new Map(features.map(([name, on]) => [name, on === true])),
    provides: new Map(provides.map(([name, of]) => [name, parseProvided(read, `${at}.provides.${name}`, name, of)])),
  };
}

/** A range, or a table with the range and more, as in a manifest. */
function parseDependency(read: Reader, at: string, id: string, value: unknown): PublishedDependency {
  read.check(checkPackageName(id), at);
  const table = typeof value === 'string' ? { version: value } : read.table(value, at);
  const range = read.text(table['version'], at);
  read.check(checkRange(range), at);
  const features = read.list('features' in table ? table['features'] : [], `${at}.features`, MOST.dependencies);
  return {
    id,
    range: normalizeRange(range),
    optional: 'optional' in table && table['optional'] === true,
    features: features.map((one, i) => read.label(one, `${at}.features[${i}]`)),
  };
}

function parseProvided(read: Reader, at: string, name: string, value: unknown): string {
  read.check(checkPackageName(name), at);
  const version = read.text(value, at);
  read.check(checkVersion(version), at);
  return version;
}

type Table = Readonly<Record<string, unknown>>;

/** Values of the wrong type are faults with their place. */
class Reader {
  readonly #shown: string;

  constructor(shown: string) {
    this.#shown = shown;
  }

  fault(at: string, wrong: string): SkillError {
    return new SkillError('E_PACKAGE', `${quote(at)} in ${quote(this.#shown, 300)} ${wrong}`, {
      hint: 'nothing of it was used; whoever runs the registry mends it',
      details: { reason: 'index', field: at },
    });
  }

  json(bytes: Uint8Array): Table {
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw this.fault('index.json', 'is no JSON');
    }
    return this.table(value, 'index.json');
  }

  table(value: unknown, at: string, most?: number): Table {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.fault(at, 'is no object');
    if (most !== undefined && Object.keys(value).length > most) throw this.fault(at, `has more than ${most} entries`);
    return value as Table;
  }

  list(value: unknown, at: string, most: number): readonly unknown[] {
    if (!Array.isArray(value)) throw this.fault(at, 'is no list');
    if (value.length > most) throw this.fault(at, `has more than ${most} entries`);
    return value;
  }

  text(value: unknown, at: string): string {
    if (typeof value !== 'string') throw this.fault(at, 'is no text');
    return value;
  }

  label(value: unknown, at: string): string {
    const label = this.text(value, at);
    this.check(checkLabel(1_024)(label), at);
    return label;
  }

  time(value: unknown, at: string): Date {
    const written = this.text(value, at);
    const time = new Date(written);
    if (!TIME.test(written) || Number.isNaN(time.getTime()) || !isDay(written.slice(0, 10)))
      throw this.fault(at, 'is no time such as 2026-01-31T12:00:00Z');
    return time;
  }

  check(fault: { readonly wrong: string } | undefined, at: string): void {
    if (fault !== undefined) throw this.fault(at, fault.wrong);
  }
}
