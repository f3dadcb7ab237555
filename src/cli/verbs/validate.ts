import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { SkillError } from '../../../host/index.ts';
import { readVersion } from '../../home/package.ts';
import { loadBareModule, loadSkill } from '../../skill/load-skill.ts';
import type { Skill } from '../../skill/skill.ts';
import { type Context, parseFormat } from '../context.ts';
import { printProblems, type Validated } from '../print-problems.ts';

const INVALID = 5;

/** `skill validate FOLDER…`: all problems at once. Exit code 5 when one of them is an error. */
export async function validate(
  paths: readonly string[],
  flags: { readonly format: string; readonly strict?: boolean },
  { terminal }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json', 'sarif']);
  const validated: Validated[] = [];
  for (const path of paths) {
    const isModule = await isFile(path);
    const skill = isModule ? await inspectBareModule(path) : await loadSkill(path, { strict: flags.strict ?? false });
    const { id, ready, problems } = skill;
    validated.push({ path, folder: resolve(isModule ? dirname(path) : path), id, ready, problems });
  }
  await printProblems(validated, format, { terminal, version: readVersion() });
  return validated.every(({ ready }) => ready) ? 0 : INVALID;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    throw new SkillError('E_NOT_FOUND', `there is no folder ${JSON.stringify(path)}`, {
      hint: 'give the folder of a skill, or a .wasm file',
    });
  }
}

/** A module that cannot be used is a problem like any other, and keeps no other folder from its report. */
async function inspectBareModule(path: string): Promise<Skill> {
  try {
    return await loadBareModule(path);
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    const file = basename(path);
    return {
      ready: false,
      id: file,
      path,
      problems: [
        {
          severity: 'error',
          code: error.code.replace('E_', 'M_'),
          file,
          message: error.message,
          fix: error.hint ?? 'rebuild the module',
        },
      ],
    };
  }
}
