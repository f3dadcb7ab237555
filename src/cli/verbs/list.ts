import { existsSync } from 'node:fs';
import { quote, SkillError } from '../../../host/index.ts';
import { describeProblem, listSkills } from '../../skill/find-skill.ts';
import { type Context, parseFormat } from '../context.ts';
import { printListing } from '../print.ts';

/** `skill list [DIRECTORY…]`: every skill, the broken ones with their reasons. */
export async function list(
  directories: readonly string[],
  flags: { readonly format: string },
  { terminal, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  for (const directory of directories) {
    if (!existsSync(directory))
      throw new SkillError('E_NOT_FOUND', `there is no directory ${quote(directory)}`, {
        hint: 'give a directory whose folders are skills',
      });
  }
  const runtime = await openRuntime({ spare: false });
  const skills = directories.length > 0 ? await listSkills(directories) : await runtime.skills();
  await runtime.close();
  const data = skills.map((skill) =>
    skill.ready
      ? {
          id: skill.id,
          version: skill.version,
          ready: true,
          description: skill.description,
          tools: skill.tools.map(({ name }) => name),
          path: skill.path,
        }
      : { id: skill.id, ready: false, problems: skill.problems, path: skill.path },
  );
  const rows = skills.map((skill) => {
    if (skill.ready) return [skill.id, skill.version, 'ready', skill.description];
    const errors = skill.problems.filter(({ severity }) => severity === 'error');
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more: skill validate ${skill.path})` : '';
    return [skill.id, '', 'not ready', `${errors.slice(0, 1).map(describeProblem).join('')}${more}`];
  });
  await printListing(
    {
      columns: ['SKILL', 'VERSION', 'STATUS', 'DESCRIPTION'],
      rows,
      data,
      empty: 'no skills here: a skill is a folder with a skill.toml',
    },
    format,
    terminal,
  );
  return 0;
}
