import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { SkillError } from '../../../host/index.ts';
import { readVersion } from '../../home/package.ts';
import type { Problem } from '../../manifest/manifest.ts';
import { loadBareModule, loadSkill } from '../../skill/load-skill.ts';
import type { Skill } from '../../skill/skill.ts';
import { type Context, parseFormat } from '../context.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';

const INVALID = 5;

/** `skill validate FOLDER…`: all problems at once. Exit code 5 when one of them is an error. */
export async function validate(
  paths: readonly string[],
  flags: { readonly format: string; readonly strict?: boolean },
  { terminal }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json', 'sarif']);
  const validated: { folder: string; problems: readonly Problem[] }[] = [];
  const reports: { path: string; id: string; ready: boolean; problems: readonly Problem[] }[] = [];
  for (const path of paths) {
    const isModule = await isFile(path);
    const skill = isModule ? await inspectBareModule(path) : await loadSkill(path, { strict: flags.strict ?? false });
    reports.push({ path, id: skill.id, ready: skill.ready, problems: skill.problems });
    validated.push({ folder: resolve(isModule ? dirname(path) : path), problems: skill.problems });
  }
  if (format === 'sarif') {
    const { toSarif } = await import('../sarif.ts');
    const log = toSarif(validated, { cwd: process.cwd(), version: readVersion() });
    terminal.out(`${JSON.stringify(log, null, 2)}\n`);
  } else if (format === 'json') terminal.out(`${JSON.stringify(reports, null, 2)}\n`);
  else for (const report of reports) print(report, terminal);
  return reports.every(({ ready }) => ready) ? 0 : INVALID;
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

function print(
  { path, id, ready, problems }: { path: string; id: string; ready: boolean; problems: readonly Problem[] },
  terminal: Terminal,
): void {
  for (const { severity, code, file, line, column, field, message, fix } of problems) {
    const place = [file, line, column].filter((part) => part !== undefined).join(':');
    const label = terminal.style(severity === 'error' ? 'red' : 'yellow', severity);
    const text = `${place} ${label} ${code}${field === undefined ? '' : ` ${inline(field)}`}: ${inline(message)}`;
    terminal.out(`${wrap(text, terminal.width, '  ')}\n${wrap(`  fix: ${inline(fix)}`, terminal.width, '       ')}\n`);
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const counts = `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`;
  terminal.out(
    `${inline(path)}: ${ready ? terminal.style('green', 'valid') : terminal.style('red', 'not ready')} (${inline(id)}; ${counts})\n`,
  );
}
