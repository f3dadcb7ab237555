import type { Manifest } from './manifest.ts';
import { nearest } from './nearest.ts';
import type { TableReader } from './table-reader.ts';
import { checkLabel, checkLink, checkPackageName, checkSkillId, checkVersion } from './text-checks.ts';

const NAMESPACES = ['core', 'cloud', 'tool', 'lang', 'platform', 'custom'] as const;
const API_MAJOR = '1';
const API_MINOR = '0';
/** The shape of an SPDX expression; the list of licenses grows too often to keep a copy. */
const SPDX = /^\(*[A-Za-z0-9.+:-]+\)*(?: (?:AND|OR|WITH) \(*[A-Za-z0-9.+:-]+\)*)*$/;

type SkillFields = Pick<
  Manifest,
  | 'id'
  | 'name'
  | 'description'
  | 'version'
  | 'apiVersion'
  | 'authors'
  | 'license'
  | 'repository'
  | 'documentation'
  | 'keywords'
  | 'aliases'
  | 'category'
  | 'maturity'
  | 'scope'
  | 'minRuntimeVersion'
  | 'deprecated'
>;

/** `[skill]`: who it is. */
export function readSkill(root: TableReader): SkillFields {
  if (!root.has('skill')) {
    const example = 'id = "custom.my-skill", name = "…", description = "…", version = "0.1.0" and api_version = "1.0"';
    const fix = `write [skill] and below it ${example}, each on its line`;
    root.report.error({ code: 'M_MISSING_SECTION', path: ['skill'], message: 'the section [skill] is missing', fix });
  }
  const skill = root.table('skill');
  if (skill === undefined) return { ...blankIdentity(), ...blankLabels() };
  const fields = { ...readIdentity(skill), ...readLabels(skill) };
  skill.finish();
  return fields;
}

function readIdentity(
  skill: TableReader,
): Pick<SkillFields, 'id' | 'name' | 'description' | 'version' | 'apiVersion' | 'scope'> {
  const id = skill.requiredText('id', { check: checkSkillId, example: 'custom.my-skill' });
  const apiVersion = skill.requiredText('api_version', { example: `${API_MAJOR}.${API_MINOR}` });
  checkNamespace(id, skill);
  checkApiVersion(apiVersion, skill);
  return {
    id,
    name: skill.requiredText('name', { check: checkLabel(64), example: 'My skill' }),
    description: skill.requiredText('description', { check: checkLabel(1_024), example: 'What it does, and when' }),
    version: skill.requiredText('version', { check: checkVersion, example: '0.1.0' }),
    apiVersion,
    scope: skill.oneOf('scope', ['user', 'workspace']) ?? 'user',
  };
}

function readLabels(skill: TableReader): Omit<SkillFields, keyof ReturnType<typeof readIdentity>> {
  const license = skill.text('license', checkLabel(256));
  checkLicense(license, skill);
  return {
    license,
    authors: skill.texts('authors', checkLabel(256)) ?? [],
    repository: skill.text('repository', checkLink),
    documentation: skill.text('documentation', checkLink),
    keywords: skill.texts('keywords', checkLabel(64)) ?? [],
    aliases: skill.texts('aliases', checkPackageName) ?? [],
    category: skill.text('category', checkLabel(64)),
    maturity: skill.text('maturity', checkLabel(64)),
    minRuntimeVersion: skill.text('min_runtime_version', checkVersion),
    deprecated: skill.text('deprecated', checkLabel(1_024)),
  };
}

function checkNamespace(id: string, skill: TableReader): void {
  const [namespace = ''] = id.split('.');
  if (id === '' || NAMESPACES.some((known) => known === namespace)) return;
  const meant = nearest(namespace, NAMESPACES);
  const message = `skill.id: the namespace ${namespace} is none of ${NAMESPACES.join(', ')}`;
  const fix = meant === undefined ? 'use custom, or register the namespace as a tenant' : `did you mean ${meant}?`;
  skill.report.warn({ code: 'M_NAMESPACE', path: skill.at('id'), message, fix });
}

/** The same major number loads; a new minor number may hold fields this version does not know. */
function checkApiVersion(text: string, skill: TableReader): void {
  if (text === '') return;
  const [, major, minor] = /^([0-9]{1,4})\.([0-9]{1,4})$/.exec(text) ?? [];
  const wanted = `${API_MAJOR}.${API_MINOR}`;
  const fix = `write api_version = "${wanted}"`;
  if (major === undefined) {
    skill.fault('api_version', text, { code: 'M_API_VERSION', wrong: 'must be MAJOR.MINOR', fix });
  } else if (major !== API_MAJOR) {
    const wrong = `is not supported; this version of skillhost reads ${wanted}`;
    skill.fault('api_version', text, { code: 'M_API_VERSION', wrong, fix: `${fix}, or use another skillhost` });
  } else if (minor !== API_MINOR) {
    const message = `skill.api_version is ${text}; fields newer than ${wanted} are not read`;
    skill.report.warn({ code: 'M_API_VERSION_MINOR', path: skill.at('api_version'), message, fix });
  }
}

/** Whether a text has the shape of an SPDX expression. */
export function isSpdx(license: string): boolean {
  return SPDX.test(license);
}

function checkLicense(license: string | undefined, skill: TableReader): void {
  if (license === undefined || isSpdx(license)) return;
  const message = 'skill.license is not an SPDX expression';
  const fix = 'write an identifier such as "MIT", or "MIT OR Apache-2.0"';
  skill.report.warn({ code: 'M_LICENSE', path: skill.at('license'), message, fix });
}

function blankIdentity(): ReturnType<typeof readIdentity> {
  return { id: '', name: '', description: '', version: '', apiVersion: '', scope: 'user' };
}

function blankLabels(): ReturnType<typeof readLabels> {
  return {
    license: undefined,
    authors: [],
    repository: undefined,
    documentation: undefined,
    keywords: [],
    aliases: [],
    category: undefined,
    maturity: undefined,
    minRuntimeVersion: undefined,
    deprecated: undefined,
  };
}
