import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import { PACKAGE } from '../home/package.ts';
import type { TemplateName } from './templates.ts';

export interface NewSkill {
  /** Its folder. */
  readonly folder: string;
  readonly id: string;
  /** What was written, relative to the folder, with `/`. */
  readonly files: readonly string[];
}

/** Templates say that what is made of them has the same terms as skillhost. */
const LICENSE = 'LICENSE';
const NAME = /^(?:([a-z][a-z0-9-]{0,62})\.)?((?=.{1,63}$)[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*)$/;

/**
 * Writes a template as the folder of a new skill, whole or not at all.
 * @param name `greeter`, which becomes `custom.greeter`, or a whole id such as `tool.greeter`
 * @param into where the folder goes; it is called by the last part of the name
 * @throws SkillError E_USAGE for a name that no skill can have, or a folder that is there already
 */
export function writeTemplate(template: TemplateName, name: string, into: string): NewSkill {
  const [, group = 'custom', last] = NAME.exec(name) ?? [];
  if (last === undefined)
    throw new SkillError('E_USAGE', `${quote(name)} is no name for a skill`, {
      hint: 'write lower case letters, digits and hyphens, such as word-count or tool.word-count',
    });
  const folder = resolve(into, last);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new SkillError('E_USAGE', `${quote(relative(process.cwd(), folder) || folder)} is there already`, {
      hint: 'choose another name, or remove it',
    });
  const id = `${group}.${last}`;
  const values = { ID: id, NAME: last, WORDS: last.replaceAll('-', ' '), TITLE: titleOf(last) };
  return { folder, id, files: copy(join(PACKAGE, 'templates', template), folder, values) };
}

function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function copy(from: string, to: string, values: Readonly<Record<string, string>>): string[] {
  mkdirSync(dirname(to), { recursive: true });
  const staged = mkdtempSync(join(dirname(to), `.${basename(to)}-`));
  try {
    const files = readdirSync(from, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(from, join(entry.parentPath, entry.name)))
      .toSorted();
    for (const file of files) {
      mkdirSync(dirname(join(staged, file)), { recursive: true });
      writeFileSync(join(staged, file), fill(readFileSync(join(from, file), 'utf8'), values));
    }
    copyFileSync(join(PACKAGE, LICENSE), join(staged, LICENSE));
    // An empty folder may stand there; a full one makes this fail.
    renameSync(staged, to);
    return [LICENSE, ...files].map((file) => file.replaceAll(sep, '/'));
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/__([A-Z]+)__/g, (place, key: string) => values[key] ?? place);
}
