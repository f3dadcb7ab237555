import semver from 'semver';
import { hasInvisible, quote } from '../../host/index.ts';
import { isSignaturePath } from '../trust/statement.ts';
import { MANIFEST_CEILINGS } from './ceilings.ts';

/** Why a text is refused: a sentence that starts with "it", and what to do. */
export interface Fault {
  readonly code: string;
  readonly wrong: string;
  readonly fix: string;
}

export type TextCheck = (text: string) => Fault | undefined;

const WORD = '[a-z0-9]+(?:-[a-z0-9]+)*';
const SKILL_ID = new RegExp(`^${WORD}\\.${WORD}$`);
const PACKAGE_NAME = new RegExp(`^${WORD}(?:\\.${WORD})?$`);
const MAX_ID_PART = 64;

/** `<namespace>.<name>`. */
export function checkSkillId(text: string): Fault | undefined {
  if (SKILL_ID.test(text)) return checkParts(text);
  const lower = text.toLowerCase().replaceAll('_', '-');
  const meant = SKILL_ID.test(lower) ? lower : `custom.${PACKAGE_NAME.test(lower) ? lower : 'my-skill'}`;
  return {
    code: 'M_ID',
    wrong: 'must be <namespace>.<name>, each of lower-case letters, digits and single hyphens',
    fix: `write id = ${quote(meant)}`,
  };
}

/** The id of a skill, or the name of an alias or virtual package: the same without a namespace. */
export function checkPackageName(text: string): Fault | undefined {
  if (PACKAGE_NAME.test(text)) return checkParts(text);
  return {
    code: 'M_ID',
    wrong: 'must be a name or <namespace>.<name>, of lower-case letters, digits and single hyphens',
    fix: 'write it such as "code-formatter" or "cloud.aws", in quotes when it has a dot',
  };
}

function checkParts(text: string): Fault | undefined {
  if (text.split('.').every((part) => part.length <= MAX_ID_PART)) return undefined;
  return {
    code: 'M_ID',
    wrong: `is longer than ${MAX_ID_PART} characters on one side of the dot`,
    fix: 'shorten it',
  };
}

/** Text shown to people and models: 1 to `max` characters, all of them visible. */
export function checkLabel(max: number): TextCheck {
  return (text) => {
    if (hasInvisible(text)) {
      const wrong = 'holds control or invisible characters, which can hide or reorder what a reader sees';
      return { code: 'M_INVISIBLE', wrong, fix: 'retype it on one line, without the characters shown as \\u{…}' };
    }
    const length = Array.from(text).length;
    if (length > max) return { code: 'M_LENGTH', wrong: `has ${length} characters; at most ${max}`, fix: 'shorten it' };
    if (text.trim() === '') return { code: 'M_LENGTH', wrong: 'is empty', fix: 'write at least one visible character' };
    return undefined;
  };
}

/** Strict `MAJOR.MINOR.PATCH[-pre][+build]`. */
export function checkVersion(text: string): Fault | undefined {
  const parsed = semver.parse(text);
  const build = parsed === null || parsed.build.length === 0 ? '' : `+${parsed.build.join('.')}`;
  if (parsed !== null && parsed.version + build === text) return undefined;
  const meant = semver.coerce(text.slice(0, 64))?.version ?? '0.1.0';
  return {
    code: 'M_VERSION',
    wrong: 'must be MAJOR.MINOR.PATCH, such as 1.2.3 or 1.2.3-rc.1',
    fix: `write "${meant}"`,
  };
}

/** A semver range; a comma joins comparators as a space does. */
export function checkRange(text: string): Fault | undefined {
  const fix = 'write a range such as ">=1.0", ">=1.0,<2.0", "^1", "1.0" or "*"';
  if (text.length > MANIFEST_CEILINGS.rangeLength) {
    return { code: 'M_RANGE_TEXT', wrong: `is longer than ${MANIFEST_CEILINGS.rangeLength} characters`, fix };
  }
  const parts = text.split(',');
  if (parts.every((part) => part.trim() !== '') && semver.validRange(normalizeRange(text)) !== null) return undefined;
  return { code: 'M_RANGE_TEXT', wrong: 'is not a semver range', fix };
}

/** The range as the semver library reads it. */
export function normalizeRange(text: string): string {
  return text
    .split(',')
    .map((part) => part.trim())
    .join(' ');
}

const LINK_SCHEMES: ReadonlySet<string> = new Set(['https:', 'http:', 'git+https:', 'git+ssh:', 'ssh:', 'git:']);

/** A link that is shown to people, so it must not run anything or carry a password. */
export function checkLink(text: string): Fault | undefined {
  const fix = 'write a full address such as "https://example.org/repo"';
  const invisible = checkLabel(2_048)(text);
  if (invisible !== undefined) return invisible;
  if (!URL.canParse(text) || !LINK_SCHEMES.has(new URL(text).protocol)) {
    return { code: 'M_LINK', wrong: 'is not an http, https, git or ssh address', fix };
  }
  if (new URL(text).password !== '') return { code: 'M_LINK', wrong: 'carries a password', fix: 'remove the password' };
  return undefined;
}

/** A path inside the skill's folder, as written in a manifest; whether links lead out of it is checked on the folder. */
export function checkInnerPath(text: string): Fault | undefined {
  const wrong = wrongInnerPath(text);
  const fix = 'write a path relative to the skill\'s folder, such as "bin/skill.wasm"';
  return wrong === undefined ? undefined : { code: 'M_PATH', wrong, fix };
}

function wrongInnerPath(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.length > MANIFEST_CEILINGS.ruleLength) return `is longer than ${MANIFEST_CEILINGS.ruleLength} characters`;
  if (hasInvisible(text)) return 'holds control or invisible characters';
  if (text.includes('\\')) return 'holds a backslash; folders are separated by /';
  if (text.startsWith('/') || /^[A-Za-z]:/.test(text)) return 'is an absolute path';
  if (text.includes('~')) return 'holds ~; nothing outside the skill can be named';
  const segments = text.split('/');
  if (segments.includes('..')) return 'leaves the folder by ..';
  if (isSignaturePath(text.replace(/^(?:\.\/)+/, '')))
    return 'is the name of a signature, which is no part of what is signed';
  if (segments.includes('')) return 'holds an empty path segment';
  return undefined;
}
