import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quote, quoteForShell, SkillError } from '../../../host/index.ts';
import type { CatalogEntry } from '../../catalog/entry.ts';
import { MANIFEST_FILES } from '../../manifest/format.ts';
import { describeProblem } from '../../manifest/describe-problem.ts';
import { type Context, parseFormat } from '../context.ts';
import { printListing } from '../print.ts';

/** `skill list [DIRECTORY…]`: every skill, the broken ones with their reasons. */
export async function list(
  directories: readonly string[],
  flags: { readonly format: string },
  { terminal, openCatalog }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  for (const directory of directories) {
    if (!existsSync(directory))
      throw new SkillError('E_NOT_FOUND', `there is no directory ${quote(directory)}`, {
        hint: 'give a directory whose folders are skills',
      });
  }
  const skills = await openCatalog(directories.length > 0 ? directories : undefined);
  await printListing(
    {
      columns: ['SKILL', 'VERSION', 'STATUS', 'DESCRIPTION'],
      rows: format === 'table' ? skills.map(toRow) : [],
      data: format === 'table' ? [] : skills.map(toData),
      empty: whyEmpty(directories),
    },
    format,
    terminal,
  );
  return 0;
}

function whyEmpty(directories: readonly string[]): string {
  const own = directories.find((directory) => MANIFEST_FILES.some((file) => existsSync(join(directory, file))));
  if (own !== undefined) return `${quote(own)} is a skill itself: skill info ${quoteForShell(own)} shows it`;
  return 'no skills here: a skill is a folder with a skill.toml or a SKILL.md';
}

function toRow(skill: CatalogEntry): string[] {
  const { id, version, ready, description, path } = skill;
  if (ready) return [id, version, 'ready', description];
  const errors = skill.details().problems.filter(({ severity }) => severity === 'error');
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more: skill validate ${quoteForShell(path)})` : '';
  return [id, '', 'not ready', `${errors.slice(0, 1).map(describeProblem).join('')}${more}`];
}

function toData({ id, version, ready, description, tools, path, details }: CatalogEntry): unknown {
  return ready ? { id, version, ready, description, tools, path } : { id, ready, problems: details().problems, path };
}
