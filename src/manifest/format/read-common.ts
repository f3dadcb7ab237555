import { quote } from '../../../host/index.ts';
import type { Manifest } from '../manifest.ts';
import type { TableReader } from '../table-reader.ts';
import { checkLabel, checkVersion, type Fault, type TextCheck } from '../text-checks.ts';

/** What formats without namespaces call a skill (source: Agent Skills specification, `name`). */
const SKILL_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** Where a skill belongs that says only its name: to whoever has it in a folder. */
const LOCAL_NAMESPACE = 'custom';

/** `name` of a format without namespaces, and the id made of it. */
export function readName(root: TableReader): Pick<Manifest, 'id' | 'name'> {
  const name = root.requiredText('name', { check: checkSkillName, example: 'my-skill' });
  return { name, id: name === '' ? '' : `${LOCAL_NAMESPACE}.${name}` };
}

function checkSkillName(text: string): Fault | undefined {
  const fault = checkLabel(64)(text);
  if (fault !== undefined || SKILL_NAME.test(text)) return fault;
  const meant = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return {
    code: 'M_NAME',
    wrong: 'must be of lower-case letters and digits, with single hyphens between them',
    fix: `write the name ${meant === '' ? 'my-skill' : meant}`,
  };
}

export function readDescription(root: TableReader): string {
  return oneLine(
    root.requiredText('description', { check: checkProse(1_024), example: 'What it does, and when to use it' }),
  );
}

/** A sentence that need not be there. */
export function readProse(root: TableReader, key: string, max: number): string | undefined {
  const text = root.text(key, checkProse(max));
  return text === undefined ? undefined : oneLine(text);
}

function checkProse(max: number): TextCheck {
  const check = checkLabel(max);
  return (written) => check(oneLine(written));
}

/** Several lines are one sentence: formats with block text wrap them. */
export function oneLine(text: string): string {
  if (!text.includes('\n')) return text.trim();
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** A version that is not strict is told and taken for none: formats that do not ask for one are full of them. */
export function readLooseVersion(root: TableReader, key: string): string {
  const written = root.text(key);
  if (written === undefined) return UNVERSIONED;
  const fault = checkVersion(written);
  if (fault === undefined) return written;
  const message = `the version ${quote(written, 64)} ${fault.wrong}; it counts as ${UNVERSIONED}`;
  root.report.warn({ code: fault.code, path: root.at(key), message, fix: fault.fix });
  return UNVERSIONED;
}

const UNVERSIONED = '0.0.0';

/** One author, or a list of them. */
export function readAuthors(root: TableReader, key: string): readonly string[] {
  const check: TextCheck = checkLabel(256);
  if (Array.isArray(root.value(key))) return root.texts(key, check) ?? [];
  const author = root.text(key, check);
  return author === undefined ? [] : [author];
}
