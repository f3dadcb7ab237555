import { quote, SkillError } from '../../host/index.ts';
import { checkSkillId, checkVersion } from '../manifest/text-checks.ts';
import { type Grant, isGrantable } from '../policy/grant.ts';
import { END, sumOf, VERSION } from './encode.ts';
import type { LockedSignature, LockedSkill, Lockfile } from './lockfile.ts';

const MERGE_MARK = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/m;
const INTEGRITY = /^(?:sha256:[0-9a-f]{64})?$/;
const INSTALLED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DEPENDENCY = /^[a-z0-9.-]+@[0-9A-Za-z.+-]+$/;
const FIELDS = new Set([
  'id',
  'version',
  'requested',
  'source',
  'integrity',
  'installed',
  'enabled',
  'direct',
  'dependencies',
  'features',
  'sum',
  'signature',
  'capabilities',
]);

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads the text of a `skills.lock`. It counts as it was written, or not at all: a file that was cut, merged wrongly,
 * edited, or is of a later version is refused, and whoever refuses it leaves it as it is.
 * @throws SkillError E_LOCKFILE
 */
export async function parseLockfile(text: string, file: string): Promise<Lockfile> {
  if (MERGE_MARK.test(text))
    throw refused(file, 'merge_conflict', 'it holds the marks of a merge that was not finished', {
      hint: 'take whole [[skills]] entries from either side, remove the marks, then run: skill install --frozen',
    });
  const table = await parseToml(text, file);
  const { version, skills = [] } = table;
  if (typeof version === 'number' && version > VERSION)
    throw refused(file, 'newer_version', `it is of version ${version}, which a later skillhost wrote`, {
      hint: 'use that skillhost; this one leaves the file as it is',
    });
  if (version !== VERSION) throw refused(file, 'not_a_lockfile', `it does not say version = ${VERSION}`);
  if (!text.endsWith(END)) throw refused(file, 'cut', 'its end is missing');
  const [stray] = Object.keys(table).filter((key) => key !== 'version' && key !== 'skills');
  if (stray !== undefined) throw refused(file, 'unknown_field', `it has a field ${quote(stray)}`);
  if (!Array.isArray(skills)) throw refused(file, 'wrong_type', 'skills is not a list of tables');
  const byId = new Map<string, LockedSkill>();
  for (const entry of skills) {
    const skill = parseSkill(entry, file);
    if (byId.has(skill.id)) throw refused(file, 'duplicate', `it has two entries ${quote(skill.id)}`);
    byId.set(skill.id, skill);
  }
  return { skills: new Map([...byId].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

async function parseToml(text: string, file: string): Promise<Table> {
  // It takes longer to load than an empty home to look at.
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text, { integersAsBigInt: false });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw refused(file, 'not_toml', `line ${error.line} is not TOML`);
  }
}

function parseSkill(entry: unknown, file: string): LockedSkill {
  const table = asTable(entry, file, 'an entry');
  const id = asText(table, 'id', file);
  const where = `the entry ${quote(id)}`;
  const wrong = (what: string): SkillError => refused(file, 'wrong_value', `${where}: ${what}`);
  const stray = Object.keys(table).find((key) => !FIELDS.has(key));
  if (stray !== undefined) throw refused(file, 'unknown_field', `${where} has a field ${quote(stray)}`);
  const skill: LockedSkill = {
    id,
    version: asText(table, 'version', file),
    requested: asText(table, 'requested', file),
    source: asText(table, 'source', file),
    integrity: asText(table, 'integrity', file),
    installed: asText(table, 'installed', file),
    enabled: flag(table, 'enabled', file),
    direct: flag(table, 'direct', file),
    signature: parseSignature(table['signature'], file),
    dependencies: texts(table['dependencies'], file, 'dependencies'),
    features: texts(table['features'], file, 'features'),
    granted: parseGranted(table['capabilities'], file),
  };
  if (table['sum'] !== sumOf(skill))
    throw refused(file, 'edited', `${where} is not as it was written: its sum is another`);
  if (checkSkillId(skill.id) !== undefined) throw wrong('the id is none');
  if (checkVersion(skill.version) !== undefined) throw wrong('the version is none');
  if (!INTEGRITY.test(skill.integrity)) throw wrong('integrity is no sha256');
  if (!INSTALLED.test(skill.installed)) throw wrong('installed is no time');
  if (skill.requested === '' || skill.source === '') throw wrong('it says nothing of where it is from');
  if (!skill.dependencies.every((one) => DEPENDENCY.test(one))) throw wrong('a dependency is none');
  return skill;
}

function parseSignature(value: unknown, file: string): LockedSignature | undefined {
  if (value === undefined) return undefined;
  const table = asTable(value, file, 'signature');
  return { kind: asText(table, 'kind', file), signer: asText(table, 'signer', file) };
}

function parseGranted(value: unknown, file: string): Grant {
  if (value === undefined) return {};
  const entries = Object.entries(asTable(value, file, 'capabilities')).map(([name, scopes]) => {
    if (!isGrantable(name)) throw refused(file, 'unknown_field', `there is no capability ${quote(name)}`);
    return [name, texts(scopes, file, name)] as const;
  });
  return Object.fromEntries(entries);
}

function asTable(value: unknown, file: string, what: string): Table {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused(file, 'wrong_type', `${what} is no table`);
  return value as Table;
}

function asText(table: Table, name: string, file: string): string {
  const value = table[name];
  if (typeof value !== 'string') throw refused(file, 'wrong_type', `${name} is no text`);
  return value;
}

function flag(table: Table, name: string, file: string): boolean {
  const value = table[name];
  if (typeof value !== 'boolean') throw refused(file, 'wrong_type', `${name} is neither true nor false`);
  return value;
}

function texts(value: unknown, file: string, name: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw refused(file, 'wrong_type', `${name} is no list of texts`);
  return value;
}

function refused(file: string, reason: string, why: string, { hint }: { readonly hint?: string } = {}): SkillError {
  return new SkillError('E_LOCKFILE', `${quote(file, 400)} does not count: ${why}`, {
    hint:
      hint ?? 'put back the last good one, from version control or a backup; or move it away and add the skills again',
    details: { reason },
  });
}
